/** The events that a tracking message may report; a message that names none is a purchase. */
export const events = ['purchase', 'signup', 'visit', 'renewal', 'refund'] as const;
export type TrackingEvent = (typeof events)[number];

/** Where a referral was seen: in a query parameter, or as the host of the referrer. */
export const referralSources = ['param', 'referrer'] as const;
export type ReferralSource = (typeof referralSources)[number];

/**
 * How far a copy of a purchase can be believed, weakest first: anyone; a browser that names one of the
 * provider's origins; a signature made with the provider's secret; the secret itself.
 */
export const levels = ['unsigned', 'origin', 'signed', 'server'] as const;
export type Level = (typeof levels)[number];

/**
 * Whether a row came of the marketplace: by its own link for this provider; by its link for another one; by an id that no
 * link of its minted; by the page of a marketplace's host; by one of its links or pages, but too long ago; without any
 * referral, known from the provider's server alone; without any, though a page has reported it.
 */
export const verdicts = ['listing', 'foreign', 'unknown', 'host', 'expired', 'server', 'none'] as const;
export type Verdict = (typeof verdicts)[number];

/** The fields of a tracking message, as JSON, form or query string name them. */
export const trackingFields = [
  'partnerKey',
  'event',
  'serviceName',
  'customerId',
  'purchasedAt',
  'clock',
  'orderId',
  'amount',
  'currency',
  'referral',
  'referralSource',
  'landedAt',
  'page',
  'sig',
] as const;
export type TrackingField = (typeof trackingFields)[number];

/** Longest values that are taken, in Unicode code points. */
export const maxPartnerKeyLength = 128;
export const maxNameLength = 200;
export const maxReferralLength = 300;
export const maxPageLength = 300;

/** Earliest purchase that is taken: 2000-01-01T00:00:00Z, in epoch milliseconds. */
export const earliestPurchaseMs = 946_684_800_000;
/** A day in milliseconds. */
export const dayMs = 86_400_000;
/** How far ahead of the receiver's clock a purchase may lie, in milliseconds: a day. */
export const latestAheadMs = dayMs;
/** How long after the landing something still comes of it, in milliseconds: 30 days, as in the pixel unless it is told otherwise. */
export const attributionWindowMs = 30 * dayMs;
/** Within this time, purchases without order id or time of their own count as one: 24 hours. */
export const sameCustomerWindowMs = dayMs;
