import { maxNameLength } from '../wire/fields.ts';
import { parseAmount } from '../wire/money.ts';
import { updateSubscriptionPath } from '../wire/paths.ts';
import { isPeriod, maxIdempotencyKeyLength, periodAt } from '../wire/subscription.ts';
import { parseTime } from '../wire/time.ts';
import { type ArgumentReader, createArgumentReader, isAbsent, kindOf, needObject } from './arguments.ts';
import { type ClientParts, headersOf, needSecret } from './parts.ts';
import { parseObject } from './problem.ts';

const dayPattern = /^\d{4}-\d\d-\d\d$/;
/** Printable ASCII without spaces at its ends, which a header can carry as it is. */
const idempotencyKeyPattern = /^[!-~](?:[ -~]*[!-~])?$/;

/** What a customer's subscription is at now. */
export interface SubscriptionUpdate {
  /** Your own id of the customer: what your provision endpoint answered with. */
  coid: string | number;
  /** The product's id in the marketplace. */
  sku: string;
  /** Whether the customer has terminated; then with `expiredDate`. */
  expired: boolean;
  /** When it ended: a Date, ISO 8601, or a day as YYYY-MM-DD. */
  expiredDate?: Date | string | null | undefined;
  /** The period's total so far, 0 or more, of at most 15 digits before the point and 9 after it. */
  count?: number | null | undefined;
  /** The month that `count` is of, YYYY-MM; default: the current one, in UTC. Say it when you report a past month. */
  period?: string | null | undefined;
  /**
   * Names this report, 1 to 255 printable ASCII characters. Left out, each call has a new random one, the same over
   * its retries. That is enough to bill once, since a total replaces the one before it. It isn't derived from what is
   * reported: a total that was corrected from A to B and back to A would then look like the first A sent again, and
   * B would stand. A key of your own makes calls one report for 7 days: use a new one for each report.
   */
  idempotencyKey?: string | null | undefined;
}

export interface SubscriptionResult {
  /** It is stored. */
  status: 'created';
  /** The month that was reported. */
  period: string;
  /** All that the marketplace answered. */
  [field: string]: unknown;
}

/**
 * See Onramp.
 *
 * @throws OnrampError `invalid`, that names every wrong argument
 * @throws TypeError when the client has no secret
 */
export async function updateSubscription(
  parts: ClientParts,
  update: SubscriptionUpdate,
  signal: AbortSignal | undefined,
): Promise<SubscriptionResult> {
  const { baseUrl, partnerKey, environment, send } = parts;
  needSecret(parts, 'updateSubscription');
  needObject('updateSubscription', update);
  const reader = createArgumentReader();
  const { expired, expiredDate } = update;
  const period = readPeriod(reader, update.period) ?? periodAt(environment.now());
  const elements = {
    coid: reader.required('coid', update.coid, maxNameLength),
    sku: reader.required('sku', update.sku, maxNameLength),
    expired,
    'expired-date': isDay(expiredDate) ? expiredDate : reader.time('expiredDate', expiredDate),
    count: readCount(reader, update.count),
    period,
    // The partner key beside the secret in the header: so the secret stands in no body, where logs might keep it.
    providerkey: partnerKey,
  };
  if (typeof expired !== 'boolean') {
    reader.fail('expired', 'required', `is ${kindOf(expired)}: it has to be true or false`);
  }
  if (expired === true && isAbsent(expiredDate)) {
    reader.fail('expiredDate', 'required', 'is required when expired is true: the day on which it ended');
  }
  const idempotencyKey = update.idempotencyKey ?? environment.createId();
  if (!idempotencyKeyPattern.test(idempotencyKey) || idempotencyKey.length > maxIdempotencyKeyLength) {
    reader.fail(
      'idempotencyKey',
      'invalid',
      `has to be 1 to ${maxIdempotencyKeyLength} printable ASCII characters`,
    );
  }
  reader.check();

  // Made once: a retry on the other side of midnight is of the same month still.
  const message = {
    method: 'POST' as const,
    url: baseUrl + updateSubscriptionPath,
    headers: { ...headersOf(parts), 'idempotency-key': idempotencyKey },
    body: JSON.stringify(elements),
  };
  const { text } = await send(() => message, [201], signal);
  return { ...parseObject(text), status: 'created', period };
}

/** A day that exists goes out as it was written: it names a day, not a moment. */
function isDay(value: unknown): value is string {
  return typeof value === 'string' && dayPattern.test(value) && parseTime(value) !== undefined;
}

function readPeriod(reader: ArgumentReader, value: unknown): string | undefined {
  if (isAbsent(value)) return undefined;
  if (typeof value === 'string' && isPeriod(value)) return value;
  reader.fail('period', 'invalid', `is ${kindOf(value)}: it has to be a month as YYYY-MM`);
  return undefined;
}

function readCount(reader: ArgumentReader, value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const count = typeof value === 'number' ? parseAmount(value) : undefined;
  if (count !== undefined) return Number(count);
  const wanted = "it has to be a number of 0 or more, the period's total so far";
  reader.fail('count', 'invalid', `is ${kindOf(value)}: ${wanted}`);
  return undefined;
}
