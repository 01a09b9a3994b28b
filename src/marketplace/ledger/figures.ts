import { dayMs, type Level, type TrackingEvent, type Verdict } from '../../wire/fields.ts';
import { parseAmount } from '../../wire/money.ts';
import { levelOf } from './merge.ts';
import { isPayment, isProven, type MergedCopies } from './tracking.ts';
import { isForTests, type Minted } from './verdict.ts';

/** Whose rows count, and which are counted apart. */
export type CountedAs = 'normal' | 'bot' | 'test';
/** Who has reported a row: a page, the provider's server, or both. */
export type ReportedBy = 'both' | 'server' | 'browser';

/** What rows have in common that are counted together. */
export interface FigureGroup {
  /** 0: of all providers together, without service, listing and campaign. */
  providerId: number;
  event: TrackingEvent | 'click';
  countedAs: CountedAs;
  service: string | null;
  listing: string | null;
  campaign: string | null;
  verdict: Verdict | null;
  level: Level | null;
  reportedBy: ReportedBy | null;
  /** Of the money; null where there is none. */
  currency: string | null;
  /** Whether the money is the provider's own word. */
  isProven: boolean;
}

/**
 * Money as three whole numbers, each below a billion, so that sums of them are exact in 64 bits: billions of units, units,
 * billionths.
 */
export interface Limbs {
  billions: number;
  units: number;
  billionths: number;
}

/** What a row adds to its group at a time, in epoch milliseconds. */
export interface Contribution extends Limbs {
  group: FigureGroup;
  at: number;
  count: number;
}

/** A row as far as it is counted. */
export interface CountedRow {
  event: TrackingEvent;
  providerId: number;
  serviceName: string | undefined;
  receivedAt: number;
  merged: MergedCopies;
  verdict: Verdict | undefined;
  minted: Minted | undefined;
  isTest: boolean;
}

/** The last word on what of an order was given back. */
export interface LatestRefund {
  purchasedAt: number;
  amount: string;
  currency: string;
}

const noMoney: Limbs = { billions: 0, units: 0, billionths: 0 };

/**
 * What a purchase, signup, visit or renewal adds to the figures, and what was refunded of it, at the refund's own time. A
 * refund adds nothing by itself: it is its order's, and of one that isn't counted it isn't either.
 */
export function contributionsOf(row: CountedRow, refund: LatestRefund | undefined): Contribution[] {
  const { event, providerId, merged, minted, isTest } = row;
  if (event === 'refund') return [];
  const { amount, currency, purchasedAt } = merged.details;
  const isOwn = minted?.providerId === providerId;
  const hasMoney = isPayment(event) && amount !== undefined && currency !== undefined;
  const group: FigureGroup = {
    providerId,
    event,
    countedAs: isTest ? 'test' : merged.copies.every(({ bot }) => bot) ? 'bot' : 'normal',
    service: row.serviceName ?? null,
    listing: (isOwn && minted.listing) || null,
    campaign: (isOwn && minted.campaign) || null,
    verdict: row.verdict ?? null,
    level: merged.trust,
    reportedBy: reportedBy(merged),
    currency: hasMoney ? currency : null,
    isProven: hasMoney && isProven(levelOf(merged, 'amount') ?? 'unsigned'),
  };
  const money = hasMoney ? toLimbs(amount) : noMoney;
  const own: Contribution = { group, at: purchasedAt ?? row.receivedAt, count: 1, ...money };
  if (!refund || !isPayment(event) || group.countedAs !== 'normal') return [own];
  const refunded: FigureGroup = { ...group, event: 'refund', currency: refund.currency, isProven: true };
  return [own, { group: refunded, at: refund.purchasedAt, count: 1, ...toLimbs(refund.amount) }];
}

/** What a click on a link of the marketplace adds. */
export function contributionOfClick(click: Minted & { isBot: boolean }): Contribution {
  const { providerId, listing, campaign = null, clickedAt, isBot } = click;
  const group: FigureGroup = {
    providerId,
    event: 'click',
    countedAs: isForTests(click) ? 'test' : isBot ? 'bot' : 'normal',
    service: null,
    listing: listing || null,
    campaign,
    verdict: null,
    level: null,
    reportedBy: null,
    currency: null,
    isProven: false,
  };
  return { group, at: clickedAt, count: 1, ...noMoney };
}

function reportedBy({ copies }: MergedCopies): ReportedBy {
  const isOfServer = copies.some(({ trust }) => trust === 'server');
  const isOfPage = copies.some(({ trust }) => trust !== 'server');
  return isOfServer && isOfPage ? 'both' : isOfServer ? 'server' : 'browser';
}

/** @param amount as parseAmount takes it */
export function toLimbs(amount: string): Limbs {
  const [whole = '', fraction = ''] = (parseAmount(amount) ?? '0').split('.');
  return {
    billions: Number(whole.slice(0, -9)),
    units: Number(whole.slice(-9)),
    billionths: Number(fraction.padEnd(9, '0')),
  };
}

/** Sums of limbs, which may be of any size, in billionths of a unit. */
export function toBillionths(billions: bigint, units: bigint, billionths: bigint): bigint {
  return (billions * 1_000_000_000n + units) * 1_000_000_000n + billionths;
}

/** The decimal in major units, without trailing zeros. */
export function fromBillionths(total: bigint): string {
  const digits = String(total < 0n ? -total : total).padStart(10, '0');
  const fraction = digits.slice(-9).replace(/0+$/, '');
  return `${total < 0n ? '-' : ''}${digits.slice(0, -9)}${fraction && `.${fraction}`}`;
}

/** How long the times are by which figures are kept: a quarter of an hour, a day and a month, by UTC. */
export const spans = ['quarter', 'day', 'month'] as const;
export type Span = (typeof spans)[number];
export const quarterMs = 900_000;

/** When the span begins that the time is in, both in epoch milliseconds. */
export function startOfSpan(span: Span, at: number): number {
  if (span === 'month') return startOfMonth(at);
  const length = span === 'day' ? dayMs : quarterMs;
  return Math.floor(at / length) * length;
}

/** The month that was asked for last, which is asked for most often, lest each time a date is made. */
let month = { start: 0, end: 0 };

function startOfMonth(at: number): number {
  if (at < month.start || at >= month.end) {
    const date = new Date(at);
    const [year, number] = [date.getUTCFullYear(), date.getUTCMonth()];
    month = { start: Date.UTC(year, number), end: Date.UTC(year, number + 1) };
  }
  return month.start;
}
