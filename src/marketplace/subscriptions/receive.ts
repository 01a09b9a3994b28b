import type { ReportField } from '../../wire/subscription.ts';
import type { Clock } from '../clock.ts';
import { HttpProblem } from '../http/problem.ts';
import type { Fields } from '../intake/fields.ts';
import { digest } from '../ledger/digest.ts';
import type { LedgerWriter } from '../ledger/writer.ts';
import type { Limits } from '../limits/limits.ts';
import type { ProviderLookup } from '../providers/lookup.ts';
import { type FieldError, providerPool } from '../store/rejections.ts';
import type { ReportEntry } from '../store/subscriptions.ts';
import { customerForgotten } from './forgotten.ts';
import { payloadDigest, underWay, usedOtherwise } from './idempotency.ts';
import { checkReport } from './report.ts';
import { findReporter } from './reporter.ts';

/** A report as it reached the service. */
export interface ReportArrival {
  fields: Fields;
  authorization: string | undefined;
  idempotencyKey: string | undefined;
}

/** A report that is on disk. */
export interface StoredReport {
  /** `duplicate` where its Idempotency-Key has brought the same before, which then is the one with this id. */
  result: 'created' | 'duplicate';
  id: string;
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
    async receive({ fields, authorization, idempotencyKey }) {
      const receivedAt = clock();
      const { providerkey, errors, ignored, report, sentPeriod } = checkReport(fields, receivedAt);
      if (providerkey === undefined) throw invalidFields(errors);
      const { id: providerId, partnerKey } = await findReporter(providerkey, authorization, providers);
      await limits.admitMessage(providerPool(partnerKey), 'server');
      if (errors.length > 0) throw invalidFields(errors);
      const idempotency =
        idempotencyKey === undefined
          ? undefined
          : { key: digest(idempotencyKey), payload: payloadDigest(report, sentPeriod) };
      const entry = { kind: 'report', id: createId(), providerId, report, receivedAt, idempotency } as const;
      const { result, id } = await writeOnce(entry);
      if (result === 'conflict') throw usedOtherwise();
      if (result === 'forgotten') throw customerForgotten();
      return { result, id, ignored };
    },
  };

  async function writeOnce(entry: ReportEntry) {
    if (!entry.idempotency) return await writer.write(entry);
    const key = `${entry.providerId} ${Buffer.from(entry.idempotency.key).toString('hex')}`;
    if (keysUnderWay.has(key)) throw underWay();
    keysUnderWay.add(key);
    try {
      return await writer.write(entry);
    } finally {
      keysUnderWay.delete(key);
    }
  }
}

function invalidFields(errors: readonly FieldError[]): HttpProblem {
  const detail = `${errors.map((error) => error.detail).join('; ')}.`;
  const title = 'Elements are missing or wrong';
  return new HttpProblem({ status: 400, code: 'invalid_fields', title, detail, errors });
}
