/** What figures can be grouped by: one time at most, and any of the others. */
export const timeGroups = ['day', 'week', 'month'] as const;
export const groups = [
  ...timeGroups,
  'partnerKey',
  'service',
  'listing',
  'campaign',
  'verdict',
  'level',
] as const;
export type TimeGroup = (typeof timeGroups)[number];
export type Group = (typeof groups)[number];

/**
 * The figures of a group. Bots and tests are counted apart and in none of the others.
 */
export interface Figure {
  /** Of the groups that were asked for; a time as its first day, YYYY-MM-DD, in the zone asked for. */
  day?: string;
  week?: string;
  month?: string;
  partnerKey?: string;
  /** Null where the messages name none. */
  service?: string | null;
  listing?: string | null;
  campaign?: string | null;
  /** Null of clicks. */
  verdict?: string | null;
  level?: string | null;
  clicks: number;
  visits: number;
  signups: number;
  purchases: number;
  /** Purchases that came by a link of the marketplace for their provider, or from a page of its hosts. */
  attributed: number;
  /** Purchases that are the provider's own word: signed, or sent with its secret. */
  believed: number;
  renewals: number;
  /** A currency an entry, in the order of their codes. */
  money: Money[];
  /** Purchases by who has reported them: a page and the provider's server, the server alone, a page alone. */
  copies: { both: number; server: number; browser: number };
  /** Clicks, visits, signups, purchases and renewals of bots, and of test referrals. */
  bots: number;
  tests: number;
}

/** The figures that are counts. */
export const figureCounts = [
  'clicks',
  'visits',
  'signups',
  'purchases',
  'attributed',
  'believed',
  'renewals',
  'bots',
  'tests',
] as const;

/** Exact decimals, in major units. */
export interface Money {
  currency: string;
  /** Purchases and renewals. */
  gross: string;
  refunded: string;
  net: string;
  /** What of the gross is the provider's own word. */
  believed: string;
}

/** As /api/figures answers: times in ISO 8601. */
export interface Figures {
  from: string;
  to: string;
  zone: string;
  by: Group[];
  items: Figure[];
}
