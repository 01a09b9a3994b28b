/** The elements of a report to /update-subscription/ as the article of 2017 names them; `period` is ours. */
export const reportFields = [
  'coid',
  'expired',
  'expired-date',
  'sku',
  'count',
  'providerkey',
  'period',
] as const;
export type ReportField = (typeof reportFields)[number];

/** Longest Idempotency-Key that is taken, in characters. */
export const maxIdempotencyKeyLength = 255;
/** How long an Idempotency-Key is remembered, in milliseconds: 7 days. */
export const idempotencyKeptMs = 7 * 86_400_000;

/** When a subscription may have ended, in epoch milliseconds: from 2000 until before 2100. */
export const earliestExpiryMs = 946_684_800_000;
export const expiryEndMs = 4_102_444_800_000;

const period = /^\d{4}-(?:0[1-9]|1[0-2])$/;
/** Earliest period that is taken; the latest is the month after the current one. */
export const earliestPeriod = '2000-01';

/** Whether it is a month as it is written on the wire: 2017-03. Such texts compare as the months do. */
export function isPeriod(text: string): boolean {
  return period.test(text);
}

/** The UTC month that the time lies in, or the one that many months after it. */
export function periodAt(timeMs: number, monthsLater = 0): string {
  const time = new Date(timeMs);
  const first = Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + monthsLater);
  return new Date(first).toISOString().slice(0, 7);
}
