import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CountedRow,
  contributionOfClick,
  contributionsOf,
  fromBillionths,
  startOfSpan,
  toBillionths,
  toLimbs,
} from '../../../src/marketplace/ledger/figures.ts';
import type { CopyRecord, Details } from '../../../src/marketplace/ledger/tracking.ts';
import type { Minted } from '../../../src/marketplace/ledger/verdict.ts';
import type { Level } from '../../../src/wire/fields.ts';

const receivedAt = Date.UTC(2017, 2, 1, 10);
const purchasedAt = receivedAt - 5000;
const copy = (trust: Level, known: Partial<CopyRecord> = {}): CopyRecord => ({
  trust,
  via: 'post',
  receivedAt,
  said: [],
  ...known,
});
const ofBot = (trust: Level) => copy(trust, { bot: true });
const minted: Minted = { providerId: 1, listing: 'acme', campaign: 'tuesday', clickedAt: 0 };
const noMoney = { billions: 0, units: 0, billionths: 0 };

/** A purchase of a page, with what is said besides. */
function rowOf(
  known: Partial<CountedRow> = {},
  details: Details = {},
  copies = [copy('origin')],
): CountedRow {
  return {
    event: 'purchase',
    providerId: 1,
    serviceName: 'Acme CRM',
    receivedAt,
    merged: { details: { purchasedAt, ...details }, trust: 'origin', copies },
    verdict: 'none',
    minted: undefined,
    isTest: false,
    ...known,
  };
}

const refund = { purchasedAt: receivedAt + 1, amount: '3', currency: 'USD' };

describe('a row', () => {
  const money: Details = { amount: '49.90', currency: 'EUR' };
  const server = [copy('server', { said: ['amount'] })];
  test.each<[name: string, row: CountedRow, group: object]>([
    ['counts for its provider', rowOf(), { providerId: 1, event: 'purchase', countedAs: 'normal' }],
    ['has its verdict and level', rowOf(), { verdict: 'none', level: 'origin' }],
    ['has its service', rowOf(), { service: 'Acme CRM' }],
    [
      'may lack both',
      rowOf({ serviceName: undefined, verdict: undefined }),
      { service: null, verdict: null },
    ],
    ['has the link that brought it', rowOf({ minted }), { listing: 'acme', campaign: 'tuesday' }],
    ['has no link', rowOf(), { listing: null, campaign: null }],
    [
      'tells nothing of another provider’s link',
      rowOf({ minted: { ...minted, providerId: 2 } }),
      { listing: null, campaign: null },
    ],
    [
      'has no listing of a referral for tests',
      rowOf({ minted: { ...minted, listing: '', campaign: '' } }),
      { listing: null, campaign: null },
    ],
    ['is a test', rowOf({ isTest: true }, {}, [ofBot('origin')]), { countedAs: 'test' }],
    ['is a bot’s', rowOf({}, {}, [ofBot('origin'), ofBot('unsigned')]), { countedAs: 'bot' }],
    ['is no bot’s alone', rowOf({}, {}, [ofBot('origin'), copy('signed')]), { countedAs: 'normal' }],
    ['comes of a page', rowOf(), { reportedBy: 'browser' }],
    ['comes of the server', rowOf({}, {}, server), { reportedBy: 'server' }],
    ['comes of both', rowOf({}, {}, [copy('signed'), ...server]), { reportedBy: 'both' }],
    ['has no money', rowOf(), { currency: null, isProven: false }],
    [
      'has no money without amount',
      rowOf({}, { currency: 'EUR' }, server),
      { currency: null, isProven: false },
    ],
    [
      'has no money without currency',
      rowOf({}, { amount: '5' }, server),
      { currency: null, isProven: false },
    ],
    ['has what a page says of money', rowOf({}, money), { currency: 'EUR', isProven: false }],
    ['has proven money', rowOf({}, money, server), { currency: 'EUR', isProven: true }],
    ['of a signup has none', rowOf({ event: 'signup' }, money, server), { currency: null, isProven: false }],
    ['of a renewal has it', rowOf({ event: 'renewal' }, money, server), { currency: 'EUR', isProven: true }],
  ])('%s', (_name, row, group) => {
    expect(contributionsOf(row, undefined)).toMatchObject([{ group, count: 1 }]);
  });

  test('adds its money at the time of the purchase', () => {
    expect(contributionsOf(rowOf({}, money), undefined)).toMatchObject([
      { at: purchasedAt, count: 1, billions: 0, units: 49, billionths: 900_000_000 },
    ]);
  });

  test('without time or money adds a one when it came', () => {
    const { merged, ...row } = rowOf();
    const counted = contributionsOf({ ...row, merged: { ...merged, details: {} } }, undefined);
    expect(counted).toMatchObject([{ at: receivedAt, count: 1, ...noMoney }]);
  });

  test('that was refunded adds that as well, at its own time, as the provider’s word', () => {
    const counted = contributionsOf(rowOf({ minted }, money), refund);
    expect(counted).toHaveLength(2);
    expect(counted[1]).toEqual({
      group: { ...counted[0]?.group, event: 'refund', currency: 'USD', isProven: true },
      at: refund.purchasedAt,
      count: 1,
      billions: 0,
      units: 3,
      billionths: 0,
    });
  });

  test.each([
    ['a signup', rowOf({ event: 'signup' })],
    ['a bot’s purchase', rowOf({}, {}, [ofBot('origin')])],
    ['a test', rowOf({ isTest: true })],
  ])('no refund counts of %s', (_name, row) => {
    expect(contributionsOf(row, refund)).toHaveLength(1);
  });

  test('of a refund adds nothing by itself', () => {
    expect(contributionsOf(rowOf({ event: 'refund' }, money), refund)).toEqual([]);
  });
});

describe('a click', () => {
  const click = { ...minted, clickedAt: receivedAt, isBot: false };
  test('adds a one for the listing and its campaign', () => {
    expect(contributionOfClick(click)).toEqual({
      group: {
        providerId: 1,
        event: 'click',
        countedAs: 'normal',
        service: null,
        listing: 'acme',
        campaign: 'tuesday',
        verdict: null,
        level: null,
        reportedBy: null,
        currency: null,
        isProven: false,
      },
      at: receivedAt,
      count: 1,
      ...noMoney,
    });
  });

  test.each([
    ['of a bot', { isBot: true }, { countedAs: 'bot', listing: 'acme' }],
    ['without campaign', { campaign: undefined }, { campaign: null }],
    ['for tests', { listing: '', isBot: true }, { countedAs: 'test', listing: null }],
  ])('%s', (_name, known, group) => {
    expect(contributionOfClick({ ...click, ...known })).toMatchObject({ group });
  });
});

describe('money', () => {
  test.each([
    ['0', [0, 0, 0], '0'],
    ['49.90', [0, 49, 900_000_000], '49.9'],
    ['0.000000001', [0, 0, 1], '0.000000001'],
    ['1000000000', [1, 0, 0], '1000000000'],
    ['999999999999999.999999999', [999_999, 999_999_999, 999_999_999], '999999999999999.999999999'],
    ['1234567890.5', [1, 234_567_890, 500_000_000], '1234567890.5'],
    // What no amount is adds nothing.
    ['many', [0, 0, 0], '0'],
  ])('%s is kept as %j', (amount, limbs, written) => {
    const { billions, units, billionths } = toLimbs(amount);
    expect([billions, units, billionths]).toEqual(limbs);
    expect(fromBillionths(toBillionths(BigInt(billions), BigInt(units), BigInt(billionths)))).toBe(written);
  });

  test('sums may be below zero', () => {
    expect(fromBillionths(-1n)).toBe('-0.000000001');
    expect(fromBillionths(toBillionths(-1n, -2n, -3n))).toBe('-1000000002.000000003');
  });

  test('limbs of sums may be of any size', () => {
    expect(toBillionths(1n, 2_000_000_000n, 3_000_000_000n)).toBe(3_000_000_003_000_000_000n);
  });
});

describe('a span begins', () => {
  test.each([
    ['quarter', '2017-03-01T10:14:59.999Z', '2017-03-01T10:00:00.000Z'],
    ['quarter', '2017-03-01T10:15:00.000Z', '2017-03-01T10:15:00.000Z'],
    ['day', '2017-03-01T23:59:59.999Z', '2017-03-01T00:00:00.000Z'],
    ['day', '2017-03-02T00:00:00.000Z', '2017-03-02T00:00:00.000Z'],
    ['month', '2017-03-31T23:59:59.999Z', '2017-03-01T00:00:00.000Z'],
    ['month', '2017-04-01T00:00:00.000Z', '2017-04-01T00:00:00.000Z'],
    ['month', '2017-03-31T23:59:59.999Z', '2017-03-01T00:00:00.000Z'],
    ['month', '2017-12-31T00:00:00.000Z', '2017-12-01T00:00:00.000Z'],
  ] as const)('%s of %s', (span, at, start) => {
    expect(new Date(startOfSpan(span, Date.parse(at))).toISOString()).toBe(start);
  });

  test('where the month before it ends', () => {
    const april = Date.UTC(2017, 3);
    expect([april - 1, april, april - 1].map((at) => startOfSpan('month', at))).toEqual([
      Date.UTC(2017, 2),
      april,
      Date.UTC(2017, 2),
    ]);
  });

  test('the same for a month whichever was asked for before', () => {
    const anyTime = fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true });
    fc.assert(
      fc.property(anyTime, (time) => {
        const first = `${time.toISOString().slice(0, 7)}-01T00:00:00.000Z`;
        expect(new Date(startOfSpan('month', time.getTime())).toISOString()).toBe(first);
      }),
    );
  });
});
