import {
  type Level,
  levels,
  type ReferralSource,
  type TrackingEvent,
  type TrackingField,
} from '../../wire/fields.ts';

/** Events that are paid for: they can have an order, and be refunded. */
export const payments = ['purchase', 'renewal'] as const satisfies readonly TrackingEvent[];

export function isPayment(event: TrackingEvent): boolean {
  return payments.some((payment) => payment === event);
}

/** How a copy came: in the body of a POST, or in the query of the picture. */
export type Via = 'post' | 'gif';

/** What a copy may say beyond what tells rows apart. Named as on the wire; times in epoch milliseconds. */
export interface Details {
  /** Of a visit, in the form in which it is compared. */
  serviceName?: string;
  /** Of a signup, in the form in which it is compared. */
  orderId?: string;
  purchasedAt?: number;
  /** As it was written. */
  amount?: string;
  currency?: string;
  referral?: string;
  referralSource?: ReferralSource;
  landedAt?: number;
  page?: string;
}
export type DetailName = keyof Details;

export const detailNames = [
  'serviceName',
  'orderId',
  'purchasedAt',
  'amount',
  'currency',
  'referral',
  'referralSource',
  'landedAt',
  'page',
] as const satisfies readonly DetailName[];

/** The names and ids that tell rows apart. */
export const identityNames = ['serviceName', 'customerId', 'orderId'] as const;
export type IdentityName = (typeof identityNames)[number];

/**
 * The one of them that tells no rows of the event apart, and is a detail as any other: a signup is one whatever order its
 * copies name, a visit is one whatever service.
 */
export const identityDetails: { readonly [Event in TrackingEvent]?: 'serviceName' | 'orderId' } = {
  signup: 'orderId',
  visit: 'serviceName',
};

/** Names and ids whose spelling isn't the one in which they are compared, as they were sent. */
export type Spelling = { [Name in IdentityName]?: string };

/** Fields that were wrong and left out, each as it was sent. */
export type IgnoredFields = { [Name in TrackingField]?: string };

/** One message about a purchase or visit, ready to be merged into its row. */
export interface Copy {
  via: Via;
  /** Epoch milliseconds. */
  receivedAt: number;
  /** Whether a bot sent it, as far as it says so. A label, not a level: it changes nothing else. */
  isBot: boolean;
  /**
   * What it says, by how far each part can be believed. A signed message has two parts: a signature doesn't
   * cover the referral and the page, so these are worth no more than the browser that carried them.
   */
  parts: readonly Part[];
  spelling?: Spelling | undefined;
  ignored?: IgnoredFields | undefined;
}

export interface Part {
  trust: Level;
  details: Details;
}

/** What the row remembers of its copies: the first of each level and way, and what stands by its word. */
export interface CopyRecord {
  trust: Level;
  via: Via;
  /** Epoch milliseconds. */
  receivedAt: number;
  said: DetailName[];
  /** There where all such copies came from bots. */
  bot?: true;
  spelling?: Spelling;
  ignored?: IgnoredFields;
}

/** The part of a row that its copies make together. */
export interface MergedCopies {
  details: Details;
  /** The highest level of its copies. */
  trust: Level;
  copies: CopyRecord[];
}

/** True when the first level is strictly stronger than the second. */
export function isStronger(level: Level, than: Level): boolean {
  return levels.indexOf(level) > levels.indexOf(than);
}

/** Whether it takes the provider's secret to reach the level: what has it is the provider's own word. */
export function isProven(level: Level): boolean {
  return isStronger(level, 'origin');
}
