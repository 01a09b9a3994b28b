import type { FieldError } from '../../wire/problem.ts';
import { maxIdempotencyKeyLength, type ReportField } from '../../wire/subscription.ts';
import type { Clock } from '../../wire/time.ts';
import type { HttpProblem } from '../http/errors.ts';
import type { Fields } from '../http/fields.ts';
import { digest, toHex } from '../ledger/hash.ts';
import type { Limits } from '../limits/limits.ts';
import type { ProviderLookup } from '../providers/lookup.ts';
import { providerPool } from '../store/rejections.ts';
import type { Report, ReportEntry } from '../store/subscriptions.ts';
import type { LedgerWriter } from '../store/writer.ts';
import { refuseReport } from './refusal.ts';
import { checkReport } from './report.ts';
import { findReporter } from './reporter.ts';

/** A report as it reached the service. */
export interface ReportArrival {
  fields: Fields;
  authorization: string | undefined;
  idempotencyKey: string | undefined;
  /** By when it is answered, whatever has become of it. */
  untilMs: number;
}

/** A report that is on disk. */
export interface StoredReport {
  /** `duplicate` where its Idempotency-Key has brought the same before, which then is the one with this id. */
  result: 'created' | 'duplicate';
  id: string;
  providerId: number;
  ignored: readonly ReportField[];
}

export interface ReportIntake {
  /**
   * Judges a report and stores it; it is on disk when this returns.
   *
   * @throws HttpProblem for a report that is refused
   * @throws StoreUnavailableError when it couldn't be stored and may be sent again
   */
  receive(arrival: ReportArrival): Promise<StoredReport>;
}

export interface ReportIntakeParts {
  providers: ProviderLookup;
  limits: Limits;
  writer: LedgerWriter;
  clock: Clock;
  createId: () => string;
}

export function createReportIntake(parts: ReportIntakeParts): ReportIntake {
  const { providers, limits, writer, clock, createId } = parts;
  /** The keys of reports that are being stored, by provider. */
  const keysUnderWay = new Set<string>();

  return {
    async receive({ fields, authorization, idempotencyKey, untilMs }) {
      const receivedAt = clock();
      const { providerkey, errors, ignored, report, sentPeriod } = checkReport(fields, receivedAt);
      if (providerkey === undefined) throw invalidFields(errors);
      const { id: providerId, partnerKey } = await findReporter(providerkey, authorization, providers);
      limits.admitMessage(providerPool(partnerKey), 'server');
      if (errors.length > 0) throw invalidFields(errors);
      const idempotency =
        idempotencyKey === undefined
          ? undefined
          : { key: digest(idempotencyKey), payload: payloadDigest(report, sentPeriod) };
      const entry = { kind: 'report', id: createId(), providerId, report, receivedAt, idempotency } as const;
      const { result, id } = await writeOnce(entry, untilMs);
      if (result === 'conflict') throw usedOtherwise();
      if (result === 'forgotten') throw customerForgotten();
      if (result === 'outdated') throw new Error('A report has no retention.');
      return { result, id, providerId, ignored };
    },
  };

  async function writeOnce(entry: ReportEntry, untilMs: number) {
    if (!entry.idempotency) return await writer.write(entry, untilMs);
    const key = `${entry.providerId} ${toHex(entry.idempotency.key)}`;
    if (keysUnderWay.has(key)) throw underWay();
    keysUnderWay.add(key);
    try {
      return await writer.write(entry, untilMs);
    } finally {
      keysUnderWay.delete(key);
    }
  }
}

function invalidFields(errors: readonly FieldError[]): HttpProblem {
  const detail = `${errors.map((error) => error.detail).join('; ')}.`;
  return refuseReport('invalid_fields', detail, { errors });
}

/**
 * The key that a caller gives all tries of one report; any text of 1 to 255 characters.
 *
 * @throws HttpProblem 400, for an empty one too: its sender would think itself safe
 */
export function readIdempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const key = String(header);
  if (key.length >= 1 && key.length <= maxIdempotencyKeyLength) return key;
  const detail = `Idempotency-Key must have 1 to ${maxIdempotencyKeyLength} characters.`;
  throw refuseReport('invalid_idempotency_key', detail);
}

/**
 * Hash of what a report says, however it was written. The period counts as it was sent: one that says none stays the
 * same when the month turns between its tries.
 */
function payloadDigest(
  { coid, sku, expired, expiredDate, count }: Report,
  sentPeriod: string | undefined,
): Uint8Array {
  return digest(
    JSON.stringify(['report.v1', coid, sku, expired, expiredDate ?? null, count ?? null, sentPeriod ?? null]),
  );
}

function underWay(): HttpProblem {
  const detail = 'A report with this Idempotency-Key is being stored. Send the same again in a moment.';
  return refuseReport('idempotency_key_in_use', detail, { headers: { 'retry-after': '1' } });
}

function usedOtherwise(): HttpProblem {
  const detail =
    'This Idempotency-Key belongs to a report that says something else. Each needs a key of its own.';
  return refuseReport('idempotency_key_reused', detail);
}

export function customerForgotten(): HttpProblem {
  const detail =
    'The marketplace was asked to forget this customer and keeps nothing of what arrives since. ' +
    'A customer who comes back needs another coid.';
  return refuseReport('customer_forgotten', detail);
}
