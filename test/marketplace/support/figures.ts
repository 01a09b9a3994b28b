import { expect } from 'vitest';
import { areSameAmounts } from '../../../src/wire/money.ts';
import { bearer } from './purchase.ts';
import type { Json, Provider } from './service.ts';

/** A figure as it is added up here, of rows alone; money in billionths. */
interface Added {
  counts: Record<string, number>;
  money: Record<string, { gross: bigint; refunded: bigint; believed: bigint }>;
}

const countNames: Record<string, string> = {
  click: 'clicks',
  visit: 'visits',
  signup: 'signups',
  purchase: 'purchases',
  renewal: 'renewals',
};

/** What tells groups apart: of a row, by the name of the group. */
const groupOf: Record<string, (row: Json, time: number, zone: string) => unknown> = {
  day: (_row, time, zone) => dateIn(time, zone),
  week: (_row, time, zone) => mondayOf(dateIn(time, zone)),
  month: (_row, time, zone) => dateIn(time, zone).slice(0, 7),
  service: ({ serviceName }) => serviceName,
  listing: ({ listing }) => listing,
  campaign: ({ campaign }) => campaign,
  verdict: ({ verdict }) => verdict,
  level: ({ trust }) => trust,
  partnerKey: ({ partnerKey }) => partnerKey,
};

/** In Swedish, dates are written as in ISO 8601. */
function dateIn(time: number, zone: string): string {
  return new Date(time).toLocaleDateString('sv-SE', { timeZone: zone });
}

function mondayOf(date: string): string {
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return day.toISOString().slice(0, 10);
}

/** Adds rows and clicks up as somebody would who has nothing but the lists. */
export function addUp(rows: readonly Json[], clicks: readonly Json[], { by = '', zone = 'UTC' } = {}) {
  const groups = by.split(',').filter(Boolean);
  const added = new Map<string, Added>();
  function figureOf(row: Json, time: number): Added {
    const values = groups.map((name) => groupOf[name]?.(row, time, zone) ?? null);
    const name = JSON.stringify(values);
    const figure = added.get(name) ?? { counts: {}, money: {} };
    added.set(name, figure);
    return figure;
  }
  const count = ({ counts }: Added, name: string, by = 1) => {
    counts[name] = (counts[name] ?? 0) + by;
  };
  const timeOf = ({ purchasedAt, receivedAt }: Json) => Date.parse(String(purchasedAt ?? receivedAt));
  const purseOf = ({ money }: Added, currency: string) => {
    const purse = money[currency] ?? { gross: 0n, refunded: 0n, believed: 0n };
    money[currency] = purse;
    return purse;
  };

  if (groups.length === 0) figureOf({}, 0);
  for (const { clickedAt, bot, test, listing, campaign, partnerKey } of clicks) {
    const figure = figureOf({ listing, campaign, partnerKey }, Date.parse(String(clickedAt)));
    count(figure, test ? 'tests' : bot ? 'bots' : 'clicks');
  }
  for (const row of rows.filter(({ event }) => event !== 'refund')) {
    const figure = figureOf(row, timeOf(row));
    if (row.test || row.bot) {
      count(figure, row.test ? 'tests' : 'bots');
      continue;
    }
    const { event, verdict, trust, amount, currency } = row;
    count(figure, countNames[String(event)] ?? '');
    const isPayment = event === 'purchase' || event === 'renewal';
    if (event === 'purchase') {
      if (verdict === 'listing' || verdict === 'host') count(figure, 'attributed');
      if (isProven(trust)) count(figure, 'believed');
      const trusts = (row.copies as Json[]).map((copy) => copy.trust === 'server');
      count(figure, trusts.every(Boolean) ? 'server' : trusts.some(Boolean) ? 'both' : 'browser');
    }
    if (isPayment && typeof amount === 'string' && typeof currency === 'string') {
      const purse = purseOf(figure, currency);
      purse.gross += toBillionths(amount);
      if (isProven((row.levels as Json).amount)) purse.believed += toBillionths(amount);
    }
    const refund = isPayment && row.orderId !== undefined ? lastRefund(rows, row) : undefined;
    if (refund) {
      expect(areSameAmounts(String(row.refunded), String(refund.amount))).toBe(true);
      purseOf(figureOf(row, timeOf(refund)), String(refund.currency)).refunded += toBillionths(
        String(refund.amount),
      );
    }
  }
  return added;
}

function isProven(level: unknown): boolean {
  return level === 'signed' || level === 'server';
}

function lastRefund(rows: readonly Json[], paid: Json): Json | undefined {
  const refunds = rows.filter(
    ({ event, orderId, serviceName, partnerKey }) =>
      event === 'refund' &&
      orderId === paid.orderId &&
      serviceName === paid.serviceName &&
      partnerKey === paid.partnerKey,
  );
  const place = ({ purchasedAt, amount, currency }: Json) =>
    [String(purchasedAt), String(toBillionths(String(amount))).padStart(30, '0'), String(currency)].join(' ');
  return refunds.sort((one, other) => (place(one) < place(other) ? 1 : -1))[0];
}

function toBillionths(amount: string): bigint {
  const [whole = '', fraction = ''] = amount.split('.');
  return BigInt(whole + fraction.padEnd(9, '0'));
}

/** What the service answers, in the same form. */
export function asAdded(items: readonly Json[], by = ''): Map<string, Added> {
  const groups = by.split(',').filter(Boolean);
  return new Map(
    items.map((item) => {
      const { copies, money, ...rest } = item;
      const counts: Record<string, number> = { ...(copies as Record<string, number>) };
      for (const [name, value] of Object.entries(rest)) {
        if (!(name in groupOf) && typeof value === 'number') counts[name] = value;
      }
      const purses = (money as Record<string, string>[]).map(
        ({ currency = '', gross = '', refunded = '', net = '', believed = '' }) => {
          const signed = (text: string) =>
            text.startsWith('-') ? -toBillionths(text.slice(1)) : toBillionths(text);
          expect(signed(net)).toBe(signed(gross) - signed(refunded));
          return [currency, { gross: signed(gross), refunded: signed(refunded), believed: signed(believed) }];
        },
      );
      return [
        JSON.stringify(groups.map((name) => item[name] ?? null)),
        {
          counts: Object.fromEntries(Object.entries(counts).filter(([, value]) => value !== 0)),
          money: Object.fromEntries(purses),
        },
      ];
    }),
  );
}

/** Without what comes to nothing, of which the service says nothing. */
export function withoutNothing(figures: ReadonlyMap<string, Added>): Record<string, Added> {
  const something = [...figures].filter(
    ([, { counts, money }]) => Object.keys(counts).length > 0 || Object.keys(money).length > 0,
  );
  return Object.fromEntries(something.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** A provider's lists at a moment. */
export interface Lists {
  rows: Json[];
  clicks: Json[];
}

export async function readLists({ rows, clicks }: Pick<Provider, 'rows' | 'clicks'>): Promise<Lists> {
  return { rows: await rows('?limit=1000'), clicks: await clicks() };
}

/** What of the lists was deleted, with the refunds as they were: what its figures come to from then on. */
export function whatIsGone(before: Lists, after: Lists): Lists {
  const isGone = ({ id }: Json, kept: readonly Json[]) => kept.every((other) => other.id !== id);
  return {
    rows: before.rows.filter((row) => row.event === 'refund' || isGone(row, after.rows)),
    clicks: before.clicks.filter((click) => isGone(click, after.clicks)),
  };
}

function addTogether(parts: readonly ReadonlyMap<string, Added>[]): Map<string, Added> {
  const sum = new Map<string, Added>();
  for (const [name, { counts, money }] of parts.flatMap((part) => [...part])) {
    const figure = sum.get(name) ?? { counts: {}, money: {} };
    sum.set(name, figure);
    for (const [counted, count] of Object.entries(counts)) {
      figure.counts[counted] = (figure.counts[counted] ?? 0) + count;
    }
    for (const [currency, { gross, refunded, believed }] of Object.entries(money)) {
      const purse = figure.money[currency] ?? { gross: 0n, refunded: 0n, believed: 0n };
      figure.money[currency] = {
        gross: purse.gross + gross,
        refunded: purse.refunded + refunded,
        believed: purse.believed + believed,
      };
    }
  }
  return sum;
}

/**
 * Holds the provider's figures against its rows, by those groups in that zone.
 *
 * @param gone what whatIsGone had of each purge
 */
export async function expectFiguresOfRows(
  { rows, clicks, page }: Pick<Provider, 'rows' | 'clicks' | 'page'>,
  asked: { by?: string; zone?: string } = {},
  gone: readonly Lists[] = [],
): Promise<void> {
  const { by = '', zone = 'UTC' } = asked;
  const known = await readLists({ rows, clicks });
  const { body } = await page(`/api/figures?by=${by}&zone=${encodeURIComponent(zone)}`);
  expect(body.items, JSON.stringify(body)).toBeDefined();
  expect(withoutNothing(asAdded(body.items as Json[], by))).toEqual(
    withoutNothing(
      addTogether([known, ...gone].map((lists) => addUp(lists.rows, lists.clicks, { by, zone }))),
    ),
  );
}

/** How many purchases the figures have of the secret's provider. */
export async function countPurchases(baseUrl: string, secret: string): Promise<number> {
  const response = await fetch(`${baseUrl}/api/figures`, { headers: bearer(secret) });
  const { items } = (await response.json()) as { items: { purchases: number }[] };
  return items[0]?.purchases ?? 0;
}
