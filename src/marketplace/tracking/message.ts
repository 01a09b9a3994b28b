import { z } from 'zod';
import {
  earliestPurchaseMs,
  events,
  latestAheadMs,
  maxNameLength,
  maxPageLength,
  maxPartnerKeyLength,
  maxReferralLength,
  referralSources,
  type TrackingEvent,
  type TrackingField,
} from '../../wire/fields.ts';
import { parseAmount, parseCurrency } from '../../wire/money.ts';
import type { FieldError } from '../../wire/problem.ts';
import { isTemplateLeftover, lengthOf, toComparedText, toStoredText } from '../../wire/text.ts';
import { parseTime } from '../../wire/time.ts';
import {
  createFieldReader,
  type Field,
  type FieldReader,
  type Fields,
  noLongerThan,
  oneOf,
  parsed,
  type Rule,
  text,
  type ValueOf,
} from '../http/fields.ts';
import { type DetailName, type Details, detailNames } from '../ledger/tracking.ts';

/** A message whose fields have been checked. */
export interface Message {
  partnerKey: string;
  event: TrackingEvent;
  serviceName: string | undefined;
  customerId: string | undefined;
  orderId: string | undefined;
  /** Of all but a visit: the time as it was sent, in epoch milliseconds. */
  sentPurchasedAt: number | undefined;
  /** Whether the sender stamped that time itself, and sent its clock along to say so. */
  stamped: boolean;
  /** With the purchase's time on the service's own clock. */
  details: Details;
  /** Of a purchase only: a signature doesn't name the event, and none of a purchase may make another one. */
  sig: string | undefined;
}

export interface CheckedMessage {
  /** Undefined when it is missing or wrong; there is an error then. */
  partnerKey: string | undefined;
  /** Every field that refuses the message. */
  errors: readonly FieldError[];
  /** Fields that were wrong and left out. */
  ignored: readonly TrackingField[];
  /** To be used only where there are no errors. */
  message: Message;
}

/**
 * Checks a message that arrived at that time, in epoch milliseconds.
 *
 * @param now what times may lie at most a day ahead of: a clock that was wrong as it arrived may be right now
 */
export function checkMessage(fields: Fields, receivedAt: number, now = receivedAt): CheckedMessage {
  const reader = createFieldReader<TrackingValues>(fields, messageFields);
  const partnerKey = reader.required('partnerKey');
  const event = reader.checked('event') ?? 'purchase';
  const message = { partnerKey: partnerKey ?? '', event };
  return {
    partnerKey,
    errors: reader.errors,
    ignored: reader.ignored,
    message:
      event === 'visit'
        ? { ...message, ...readVisit(reader) }
        : { ...message, ...readPurchase(reader, event, receivedAt, now) },
  };
}

type Rest = Omit<Message, 'partnerKey' | 'event'>;

/** What became of a customer's account: it was made, paid or paid again, or money was given back. */
function readPurchase(
  reader: FieldReader<TrackingValues>,
  event: TrackingEvent,
  receivedAt: number,
  now: number,
): Rest {
  const serviceName = reader.required('serviceName');
  const customerId = reader.required('customerId');
  const isOfOrder = event === 'renewal' || event === 'refund';
  const orderId = isOfOrder ? reader.required('orderId') : reader.checked('orderId');
  const sentPurchasedAt = reader.required('purchasedAt');
  const clock = reader.optional('clock');
  const purchasedAt = correctedTime(reader, sentPurchasedAt, clock, { receivedAt, now });
  const details = {
    purchasedAt,
    ...readMoney(reader, event),
    ...readCarried(reader),
  };
  const stamped = clock !== undefined;
  const sig = event === 'purchase' ? reader.optional('sig') : undefined;
  return { serviceName, customerId, orderId, sentPurchasedAt, stamped, details: withoutAbsent(details), sig };
}

/** A refund says nothing without its money; of all else the amount is worth having, and no condition. */
function readMoney(reader: FieldReader<TrackingValues>, event: TrackingEvent) {
  const read = event === 'refund' ? reader.required : reader.optional;
  return { amount: read('amount'), currency: read('currency') };
}

/** A visit is a browser's word about a landing: nothing in it identifies a customer, and no signature covers it. */
function readVisit(reader: FieldReader<TrackingValues>): Rest {
  return {
    serviceName: reader.optional('serviceName'),
    customerId: undefined,
    orderId: undefined,
    sentPurchasedAt: undefined,
    stamped: false,
    details: withoutAbsent(readCarried(reader)),
    sig: undefined,
  };
}

function readCarried(reader: FieldReader<TrackingValues>) {
  return {
    referral: reader.optional('referral'),
    referralSource: reader.optional('referralSource'),
    landedAt: reader.optional('landedAt'),
    page: reader.optional('page'),
  };
}

/**
 * The time on the service's clock. What the sender's clock says of both moments has the same fault, so their
 * distance is right; where even that leads out of range, the time of receipt stands. A wrong clock must never
 * cost a purchase, whereas a wrong time that the provider gave itself is refused.
 */
function correctedTime(
  reader: FieldReader<TrackingValues>,
  sent: number | undefined,
  clock: number | undefined,
  { receivedAt, now }: { receivedAt: number; now: number },
): number | undefined {
  if (sent === undefined) return undefined;
  const time = clock === undefined ? sent : receivedAt - (clock - sent);
  if (isInRange(time, now)) return time;
  if (clock !== undefined) return receivedAt;
  const hint = isInRange(sent * 1000, now)
    ? '; it looks like seconds: multiply by 1000 for milliseconds'
    : '';
  reader.fail('purchasedAt', 'out_of_range', `must lie between 2000 and a day from now${hint}`);
  return undefined;
}

function isInRange(time: number, now: number): boolean {
  return time >= earliestPurchaseMs && time <= now + latestAheadMs;
}

function withoutAbsent(details: { [Name in DetailName]?: Details[Name] | undefined }): Details {
  const present: Details = {};
  for (const name of detailNames) copyDetail(name, details, present);
  return present;
}

function copyDetail<Name extends DetailName>(
  name: Name,
  from: { [Name in DetailName]?: Details[Name] | undefined },
  to: Details,
): void {
  const value = from[name];
  if (value !== undefined) to[name] = value;
}

/** As it is compared it mustn't be longer than it may be as it was sent: the database's indexes have a limit. */
const comparable: Rule<string> = {
  code: 'too_long',
  holds: (value) => value.length * 3 <= maxNameLength || lengthOf(toComparedText(value)) <= maxNameLength,
  detail: () => `must not be longer than ${maxNameLength} characters in Unicode's normalization form C`,
};

/** A name or id, by which others are told apart: of a template that wasn't filled in, all would be one. */
const filledIn: Rule<string> = {
  code: 'not_filled_in',
  holds: (value) => !isTemplateLeftover(value),
  detail: (value) =>
    `is ${JSON.stringify(value)}: a template that was not filled in, put the real value there`,
};

function name(description?: string): Field<string> {
  return text(maxNameLength, { rules: [comparable, filledIn], description });
}

const keyCharacters: Rule<string> = {
  code: 'invalid',
  holds: (key) => /^[A-Za-z0-9_-]*$/.test(key),
  detail: () => 'must consist of letters, digits, "_" and "-"',
};

/** Each by itself, so that the wrong ones can be left out. Times come out in epoch milliseconds. */
export const messageFields = {
  partnerKey: text(maxPartnerKeyLength, { rules: [keyCharacters] }),
  event: oneOf(events),
  serviceName: name(),
  customerId: name("the customer, by the provider's own id"),
  orderId: name('makes the purchase the same one from wherever it is reported'),
  purchasedAt: parsed(
    parseTime,
    'must be an ISO 8601 date or date-time, for example 2017-03-01T10:00:00Z, or epoch milliseconds',
  ),
  clock: parsed(epochMs, 'must be epoch milliseconds', {
    description: "the sender's time as it sends, in epoch milliseconds, where it stamped purchasedAt itself",
  }),
  amount: parsed(amountAsWritten, 'must be a decimal number of major units, 0 or more, for example 49.90'),
  currency: parsed((value) => parseCurrency(String(value)), 'must be an ISO 4217 code, for example USD'),
  referral: text(maxReferralLength),
  referralSource: oneOf(referralSources),
  landedAt: parsed(epochMs, 'must be epoch milliseconds'),
  page: parsed(pageAddress, 'must be an http or https address', { rules: [noLongerThan(maxPageLength)] }),
  // What isn't even text fails as a signature, and is never taken as none.
  sig: {
    schema: z.string().catch('').describe('a signature: kid.ts.mac'),
    read: (value: unknown) => (typeof value === 'string' ? value : ''),
  },
} satisfies Record<TrackingField, Field<unknown>>;
export type TrackingValues = { [Name in TrackingField]: ValueOf<(typeof messageFields)[Name]> };

/** Compared as a number, and shown as it was written. */
function amountAsWritten(value: string | number): string | undefined {
  const amount = parseAmount(value);
  return typeof value === 'string' && amount !== undefined ? value.trim() : amount;
}

function epochMs(value: string | number): number | undefined {
  return /^\d{1,16}$/.test(String(value)) ? parseTime(value) : undefined;
}

/** Origin and path: a query or a fragment may hold what is nobody's business. */
function pageAddress(value: string | number): string | undefined {
  const url = URL.parse(toStoredText(String(value)));
  return url && /^https?:$/.test(url.protocol) ? url.origin + url.pathname : undefined;
}
