import { trackingFields } from '../../wire/fields.ts';
import { formatTime, parseTime } from '../../wire/time.ts';
import { formatTimeIn } from '../figures/calendar.ts';
import type { Column } from '../http/csv.ts';

/** An item of a list as it is answered, in JSON. */
export type Item = Readonly<Record<string, unknown>>;

/** A column of a list; its times are given in the zone. */
export interface ListColumn {
  name: string;
  value: (item: Item, zone: string | undefined) => string | undefined;
}

/** The columns with their times in that zone; without one as JSON has them, in UTC. */
export function columnsIn(columns: readonly ListColumn[], zone: string | undefined): Column<Item>[] {
  return columns.map(({ name, value }) => ({ name, value: (item) => value(item, zone) }));
}

const fields = (...names: string[]): ListColumn[] =>
  names.map((name) => ({ name, value: (item) => toText(item[name]) }));

const times = (...names: string[]): ListColumn[] =>
  names.map((name) => ({ name, value: (item, zone) => toTime(item[name], zone) }));

/** Each a field of an object in the item. */
const within = (object: string, ...names: string[]): ListColumn[] =>
  names.map((name) => ({ name: `${object}.${name}`, value: (item) => toText(toItem(item[object])[name]) }));

/** What the item has many of, as one text. */
const many = (name: string, say: (one: Item, zone: string | undefined) => string): ListColumn => ({
  name,
  value: (item, zone) =>
    toItems(item[name])
      .map((one) => say(one, zone))
      .join('; '),
});

export const trackingColumns: readonly ListColumn[] = [
  ...fields('id', 'event', 'partnerKey', 'serviceName', 'customerId', 'orderId'),
  ...times('purchasedAt'),
  ...fields('amount', 'currency', 'refunded', 'refundedCurrency', 'verdict', 'listing', 'campaign'),
  ...fields('referral', 'referralSource'),
  ...times('landedAt'),
  ...fields('page', 'trust'),
  ...within('levels', 'serviceName', 'customerId', 'orderId', 'purchasedAt', 'amount', 'currency'),
  ...within('levels', 'referral', 'referralSource', 'landedAt', 'page'),
  ...fields('disputed', 'bot', 'test'),
  { name: 'ignored', value: ({ ignored }) => toPairs(ignored) },
  ...times('receivedAt'),
  many('copies', ({ trust, via, receivedAt, bot }, zone) =>
    [trust, via, toTime(receivedAt, zone), bot && 'bot'].filter(Boolean).join(' '),
  ),
];

export const clickColumns: readonly ListColumn[] = [
  ...fields('id', 'partnerKey', 'listing', 'campaign', 'referral'),
  ...times('clickedAt'),
  ...fields('bot', 'test'),
];

export const rejectionColumns: readonly ListColumn[] = [
  ...fields('id', 'partnerKey', 'status', 'reason', 'detail', 'count'),
  ...times('firstSeenAt', 'lastSeenAt'),
  ...fields('trust', 'via'),
  many('errors', ({ pointer, code }) => `${toText(pointer)} ${toText(code)}`),
  ...fields(...trackingFields.filter((name) => name !== 'partnerKey'), 'sample'),
];

export const subscriptionColumns: readonly ListColumn[] = [
  ...fields('id', 'partnerKey', 'coid', 'sku', 'status'),
  ...times('expiredDate'),
  many('usage', ({ period, count }) => `${toText(period)} ${toText(count) ?? '-'}`),
  { name: 'lastReportAt', value: ({ lastReport }, zone) => toTime(toItem(lastReport).receivedAt, zone) },
];

export const reportColumns: readonly ListColumn[] = [
  ...fields('id', 'partnerKey', 'coid', 'sku', 'period', 'count', 'counted', 'expired'),
  ...times('expired-date', 'receivedAt'),
];

export const orderColumns: readonly ListColumn[] = [
  ...fields('id', 'partnerKey', 'status', 'coid', 'fault'),
  ...times('createdAt'),
  many('attempts', ({ startedAt, outcome, status, reason }, zone) =>
    [toTime(startedAt, zone), outcome, status, reason].filter((part) => part !== undefined).join(' '),
  ),
];

function toText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A time that is none was sent so, and stays as it is. */
function toTime(value: unknown, zone: string | undefined): string | undefined {
  const text = toText(value);
  // As JSON has it, which is how most are.
  if (zone === undefined && typeof value === 'string') return text;
  const timeMs = text === undefined ? undefined : parseTime(text);
  if (timeMs === undefined) return text;
  return zone === undefined ? formatTime(timeMs) : formatTimeIn(timeMs, zone);
}

function toPairs(value: unknown): string {
  return Object.entries(toItem(value))
    .map(([name, said]) => `${name}: ${toText(said)}`)
    .join('; ');
}

function toItem(value: unknown): Item {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function toItems(value: unknown): Item[] {
  return Array.isArray(value) ? value.map(toItem) : [];
}
