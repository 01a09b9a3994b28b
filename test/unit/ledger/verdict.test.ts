import { describe, expect, test } from 'vitest';
import type { CopyRecord, Details } from '../../../src/marketplace/ledger/tracking.ts';
import { isForTests, isTestRow, type Minted, verdictOf } from '../../../src/marketplace/ledger/verdict.ts';
import { dayMs, type Level } from '../../../src/wire/fields.ts';

const boughtMs = Date.UTC(2017, 2, 1, 10);
const hourMs = 3_600_000;
const windowMs = 30 * dayMs;

const copy = (trust: Level, known: Partial<CopyRecord> = {}): CopyRecord => ({
  trust,
  via: 'post',
  receivedAt: boughtMs,
  said: [],
  ...known,
});
const byLink: Minted = { providerId: 1, listing: 'acme', campaign: undefined, clickedAt: boughtMs };
const forTests: Minted = { ...byLink, listing: '' };

interface Row {
  details?: Details;
  /** Null: nobody has said when it happened. */
  purchasedAt?: number | null;
  copies?: CopyRecord[];
  minted?: Minted;
  receivedAt?: number;
}

const rowOf = ({
  details,
  purchasedAt = boughtMs,
  copies = [copy('origin')],
  minted,
  receivedAt = boughtMs,
}: Row) => ({
  event: 'purchase' as const,
  providerId: 1,
  receivedAt,
  merged: { details: { ...(purchasedAt !== null && { purchasedAt }), ...details }, copies },
  minted,
});

describe('the verdict', () => {
  const referral = 'r-1';
  const ofHost = { referral: 'market.example', referralSource: 'referrer' } as const;
  test.each<[name: string, verdict: string, Row]>([
    ['without referral, of a page', 'none', { copies: [copy('server'), copy('origin')] }],
    ['without referral, of the server alone', 'server', { copies: [copy('server'), copy('server')] }],
    ['of an id that nobody minted', 'unknown', { details: { referral } }],
    ['of a parameter that nobody minted', 'unknown', { details: { referral, referralSource: 'param' } }],
    ['by our link', 'listing', { details: { referral }, minted: byLink }],
    [
      'by another provider’s link',
      'foreign',
      { details: { referral }, minted: { ...byLink, providerId: 2 } },
    ],
    [
      'by a link of thirty days ago',
      'listing',
      { details: { referral }, minted: { ...byLink, clickedAt: boughtMs - windowMs } },
    ],
    [
      'by a link of longer ago',
      'expired',
      { details: { referral }, minted: { ...byLink, clickedAt: boughtMs - windowMs - 1 } },
    ],
    [
      'by a link of longer ago, of no known time',
      'listing',
      { details: { referral }, purchasedAt: null, minted: { ...byLink, clickedAt: 0 } },
    ],
    ['by a page of our host', 'host', { details: ofHost }],
    [
      'by a page of our host, thirty days ago',
      'host',
      { details: { ...ofHost, landedAt: boughtMs - windowMs } },
    ],
    [
      'by a page of our host, longer ago',
      'expired',
      { details: { ...ofHost, landedAt: boughtMs - windowMs - 1 } },
    ],
    ['by a referral for tests, in its hour', 'listing', { details: { referral }, minted: forTests }],
    [
      'by a referral for tests, after it',
      'expired',
      { details: { referral }, minted: forTests, receivedAt: boughtMs + hourMs },
    ],
    [
      'by another provider’s referral for tests',
      'foreign',
      { details: { referral }, minted: { ...forTests, providerId: 2 } },
    ],
  ])('%s: %s', (_name, verdict, row) => {
    expect(verdictOf(rowOf(row))).toBe(verdict);
  });

  test('a refund has none', () => {
    expect(verdictOf({ ...rowOf({ minted: byLink }), event: 'refund' })).toBeUndefined();
  });
});

test('a referral is for tests where no listing has minted it', () => {
  expect([forTests, byLink].map(isForTests)).toEqual([true, false]);
});

describe('a row', () => {
  const endMs = boughtMs + hourMs;
  const told = (receivedAt: number) => [
    copy('origin'),
    copy('server', { receivedAt, said: ['purchasedAt'] }),
  ];
  test.each<[name: string, isTest: boolean, Row]>([
    ['without a referral of ours', false, {}],
    ['by a link', false, { minted: byLink }],
    ['by another provider’s referral for tests', false, { minted: { ...forTests, providerId: 2 } }],
    ['at the beginning of the hour', true, { minted: forTests }],
    ['before it', false, { minted: forTests, receivedAt: boughtMs - 1 }],
    ['at its end', true, { minted: forTests, receivedAt: endMs - 1 }],
    ['after it', false, { minted: forTests, receivedAt: endMs }],
    [
      'bought after it, as a copy says that comes after it',
      false,
      { minted: forTests, details: { purchasedAt: endMs }, copies: told(endMs) },
    ],
    [
      'bought after it, as a copy says that came before its end',
      true,
      { minted: forTests, details: { purchasedAt: endMs }, copies: told(endMs - 1) },
    ],
    [
      'bought within it, as a copy says that comes after it',
      true,
      { minted: forTests, details: { purchasedAt: endMs - 1 }, copies: told(endMs) },
    ],
    [
      'bought after it, as no copy says',
      true,
      { minted: forTests, details: { purchasedAt: endMs }, copies: [copy('server', { receivedAt: endMs })] },
    ],
  ])('%s: a test %s', (_name, isTest, row) => {
    expect(isTestRow(rowOf(row))).toBe(isTest);
  });

  test('of no known time is a test by when it came', () => {
    const { merged, ...row } = rowOf({ minted: forTests, copies: told(endMs) });
    const { purchasedAt: _, ...details } = merged.details;
    expect(isTestRow({ ...row, merged: { ...merged, details } })).toBe(true);
  });
});
