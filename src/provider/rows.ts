import type { Level, ReferralSource, TrackingEvent, TrackingField, Verdict } from '../wire/fields.ts';
import type { FieldError } from './error.ts';

/** How far something can be believed, weakest first: anyone; a browser on one of your origins; your signature; your secret. */
export type Trust = Level;

/** An event as the marketplace keeps it, all copies of it together; what no copy said isn't there. */
export interface TrackingRow {
  id: string;
  event: TrackingEvent;
  partnerKey: string;
  /** Absent of a visit, as customerId is. */
  serviceName?: string;
  customerId?: string;
  orderId?: string;
  /** When it happened: 2017-03-01T10:00:00.000Z. */
  purchasedAt?: string;
  /** In major units. */
  amount?: string;
  currency?: string;
  /** Of a purchase or renewal: all that was given back; in refundedCurrency where that isn't the row's own. */
  refunded?: string;
  refundedCurrency?: string;
  referral?: string;
  referralSource?: ReferralSource;
  /** Epoch milliseconds. */
  landedAt?: number;
  page?: string;
  /** Of the strongest copy. What each field can be believed, say the levels. */
  trust: Trust;
  levels?: Readonly<Partial<Record<TrackingField, Trust>>>;
  verdict?: Verdict;
  /** Of a referral by a link of the marketplace. */
  listing?: string;
  campaign?: string;
  /** What could not be read and was left out, by its field, as it was sent. */
  ignored?: Readonly<Partial<Record<TrackingField, string>>>;
  /** Copies that nobody proved disagree on the customer of this order. */
  disputed?: boolean;
  /** Made by a test: shown, and never counted. */
  test?: boolean;
  receivedAt: string;
  /** All that the marketplace says of it. */
  [field: string]: unknown;
}

/** A message that was refused, with the fields that were sent. */
export interface Rejection {
  id: string;
  /** What it was answered with. */
  status: number;
  /** Names the kind of refusal for programs, such as `wrong_secret`; `detail` is for people. */
  reason: string;
  detail: string;
  errors: readonly FieldError[];
  /** How often alike ones were refused, between firstSeenAt and lastSeenAt. */
  count: number;
  firstSeenAt: string;
  lastSeenAt: string;
  receivedAt: string;
  /** All that the marketplace says of it. */
  [field: string]: unknown;
}
