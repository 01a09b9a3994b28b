import { maxNameLength, type TrackingEvent } from '../wire/fields.ts';
import { trackingPath } from '../wire/paths.ts';
import { createArgumentReader, isAbsent, kindOf, needObject } from './arguments.ts';
import { OnrampError } from './error.ts';
import { tellIgnored } from './ignored.ts';
import { type ClientParts, headersOf, needSecret } from './parts.ts';
import { parseObject } from './problem.ts';
import { type GivenReferral, readReferral } from './referral.ts';
import type { TrackingRow } from './rows.ts';

/** What is undefined, null or blank isn't sent. */
interface About extends GivenReferral {
  serviceName: string;
  /** Your own id of the customer. */
  customerId: string | number;
  /** When it happened: a Date, ISO 8601 (without an offset: UTC) or epoch milliseconds. Left out: now. */
  purchasedAt?: Date | string | number | null | undefined;
  /** Address of the page; its query and fragment are cut. */
  page?: string | URL | null | undefined;
}

interface Money {
  /** In major units: 49.9 or '49.90'. Where you have cents, fromMinorUnits makes this of them. */
  amount?: string | number | null | undefined;
  /** ISO 4217, any case. */
  currency?: string | null | undefined;
}

interface Order {
  /** The order's id, by which the browser's copy and yours are one. */
  orderId?: string | number | null | undefined;
}

/** An account was created, and nothing paid yet: a trial. One for each customer and service, for ever. */
export interface Signup extends About, Order, Money {}

/** The first payment, or an account where you make no difference. */
export interface Purchase extends About, Order, Money {}

/** A later payment. */
export interface Renewal extends About, Money {
  /** The renewal's own id, such as its invoice's. */
  orderId: string | number;
}

/**
 * Money given back. Of an order's refunds the latest by `purchasedAt` counts: say when it happened where a call may come
 * late, or again after another.
 */
export interface Refund extends About {
  /** The id of the order that is refunded: a purchase's or a renewal's. */
  orderId: string | number;
  /** All that was given back of this order so far, in major units: of a second refund, both together. */
  amount: string | number;
  currency: string;
}

/** Whatever is reported. */
export type Tracking = Signup | Purchase | Renewal | Refund;

export interface TrackingResult {
  /** `duplicate`: the marketplace had this before, from you or from the browser. It counts once. */
  status: 'created' | 'duplicate';
  id: string;
  /** Fields that were wrong and left out; see the option `onIgnored`. */
  ignored?: readonly string[];
  /** The row as it stands now, all copies together, by the name of what it counts as. */
  signup?: TrackingRow;
  purchase?: TrackingRow;
  renewal?: TrackingRow;
  refund?: TrackingRow;
}

/** Which events need what. Only the secret may say that money came again, or went back. */
const needs: Readonly<Record<ReportedEvent, { secret?: true; orderId?: true; money?: true }>> = {
  signup: {},
  purchase: {},
  renewal: { secret: true, orderId: true },
  refund: { secret: true, orderId: true, money: true },
};
export type ReportedEvent = Exclude<TrackingEvent, 'visit'>;

/** The answer's statuses: stored now, or before. */
const successes = [201, 200];

/**
 * Reports an event, see Onramp.
 *
 * @param call its name, for what is told of it
 * @throws OnrampError; the signal's reason when it is aborted
 * @throws TypeError where the event needs the secret and the client has none
 */
export async function track(
  parts: ClientParts,
  { call, event }: { call: string; event: ReportedEvent },
  tracking: Tracking,
  signal: AbortSignal | undefined,
): Promise<TrackingResult> {
  const { baseUrl, environment, send } = parts;
  if (needs[event].secret) needSecret(parts, call);
  const fields = present({ partnerKey: parts.partnerKey, event, ...checkTracking(call, event, tracking) });
  // Once for all tries, each of which says its clock too: retries stay one message, and a wrong clock costs nothing.
  const stampedAt = fields.purchasedAt === undefined ? environment.now() : undefined;
  const createMessage = () => ({
    method: 'POST' as const,
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
  tellIgnored(parts.onIgnored, answer.ignored, { call, sent: fields });
  return answer;
}

/**
 * The fields as they are sent: as they were given, so that the row shows them as they were written. Whatever would be
 * left out over there is refused here, where somebody hears it.
 */
function checkTracking(call: string, event: ReportedEvent, tracking: unknown) {
  needObject(call, tracking);
  const reader = createArgumentReader();
  const { serviceName, customerId, orderId, purchasedAt, amount, currency } = tracking;
  if (!isAbsent(tracking.event) && tracking.event !== event) {
    reader.fail('event', 'invalid', `is ${kindOf(tracking.event)}, and ${call} reports a ${event}`);
  }
  reader.required('serviceName', serviceName, maxNameLength);
  reader.required('customerId', customerId, maxNameLength);
  reader.text('orderId', orderId, maxNameLength);
  reader.moment('purchasedAt', purchasedAt);
  reader.amount('amount', amount);
  reader.currency('currency', currency);
  const page = reader.address('page', tracking.page);
  if (needs[event].orderId) reader.present('orderId', orderId);
  if (needs[event].money) {
    reader.present('amount', amount);
    reader.present('currency', currency);
  }
  const referral = readReferral(reader, tracking);
  reader.check();
  return { serviceName, customerId, orderId, purchasedAt, amount, currency, ...referral, page };
}

function present(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isAbsent(value)));
}

function isResult(answer: object | undefined): answer is TrackingResult {
  const { status, id } = { status: undefined, id: undefined, ...answer };
  return (status === 'created' || status === 'duplicate') && typeof id === 'string';
}
