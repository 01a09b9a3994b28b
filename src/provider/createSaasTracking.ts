import { maxNameLength } from '../wire/fields.ts';
import { trackingPath } from '../wire/paths.ts';
import { createArgumentReader, isAbsent } from './arguments.ts';
import { OnrampError } from './error.ts';
import { type ClientParts, headersOf } from './parts.ts';
import { parseObject } from './problem.ts';

/** A purchase. What is undefined, null or empty isn't sent. */
export interface SaasTracking {
  serviceName: string;
  /** Your own id of the customer. */
  customerId: string | number;
  /** A Date, ISO 8601 (without an offset: UTC) or epoch milliseconds. */
  purchasedAt?: Date | string | number | null | undefined;
  orderId?: string | number | null | undefined;
  /** In major units: 49.9 or '49.90'. */
  amount?: string | number | null | undefined;
  /** ISO 4217, any case. */
  currency?: string | null | undefined;
  /** What `onrampTrack('referral')` gave the page, as id, source and landedAt. */
  referral?: string | null | undefined;
  referralSource?: 'param' | 'referrer' | null | undefined;
  /** Epoch milliseconds. */
  landedAt?: number | string | null | undefined;
  /** Address of the page; its query and fragment are cut. */
  page?: string | null | undefined;
}

export interface SaasTrackingResult {
  /** `duplicate`: the marketplace had this purchase before, from you or from the browser. It counts once. */
  status: 'created' | 'duplicate';
  id: string;
  /** Fields that were wrong and left out, such as an unknown currency. */
  ignored?: readonly string[];
  /** The row as it stands now, all copies together. */
  purchase?: SaasTrackingRow;
}

/** A purchase as the marketplace keeps it; a field that no copy said isn't there. */
export interface SaasTrackingRow {
  id: string;
  partnerKey: string;
  serviceName: string;
  customerId: string;
  orderId?: string;
  purchasedAt: string;
  amount?: string;
  currency?: string;
  referral?: string;
  trust: 'unsigned' | 'origin' | 'signed' | 'server';
  receivedAt: string;
  [field: string]: unknown;
}

/** The answer's statuses: stored now, or before. */
const successes = [201, 200];

/** See Onramp. Only what tells it from others is checked here: the marketplace judges, and says what it makes of it. */
export async function createSaasTracking(
  parts: ClientParts,
  purchase: SaasTracking,
  signal: AbortSignal | undefined,
): Promise<SaasTrackingResult> {
  const { baseUrl, partnerKey, environment, send } = parts;
  const reader = createArgumentReader();
  reader.required('serviceName', purchase.serviceName, maxNameLength);
  reader.required('customerId', purchase.customerId, maxNameLength);
  reader.text('orderId', purchase.orderId, maxNameLength);
  if (purchase.purchasedAt instanceof Date) reader.time('purchasedAt', purchase.purchasedAt);
  reader.check();

  const { serviceName, customerId, purchasedAt, orderId, amount, currency } = purchase;
  const { referral, referralSource, landedAt, page } = purchase;
  const given = { serviceName, customerId, orderId, purchasedAt, amount, currency };
  const fields = { partnerKey, ...given, referral, referralSource, landedAt, page };
  // Once for all tries, each of which says its clock too: retries stay one purchase, and a wrong clock costs nothing.
  const stampedAt = isAbsent(purchasedAt) ? environment.now() : undefined;
  const createMessage = () => ({
    url: baseUrl + trackingPath,
    headers: headersOf(parts),
    body: JSON.stringify(
      stampedAt === undefined ? fields : { ...fields, purchasedAt: stampedAt, clock: environment.now() },
    ),
  });
  const { status, text, attempts } = await send(createMessage, successes, signal);
  const answer = parseObject(text);
  if (!isResult(answer)) {
    const message = `The answer ${status} isn't the one of a marketplace's service. Is baseUrl right?`;
    const body = text.slice(0, 500);
    throw new OnrampError('unexpected_answer', message, { attempts, retryable: false, status, body });
  }
  return answer;
}

function isResult(answer: object | undefined): answer is SaasTrackingResult {
  const { status, id } = { status: undefined, id: undefined, ...answer };
  return (status === 'created' || status === 'duplicate') && typeof id === 'string';
}
