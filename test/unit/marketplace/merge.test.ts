import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detailLevels, firstCopy, mergeCopy as merging } from '../../../src/marketplace/ledger/merge.ts';
import type { Copy, Details, MergedCopies } from '../../../src/marketplace/ledger/tracking.ts';
import { type Level, levels, referralSources } from '../../../src/wire/fields.ts';
import { permutations } from '../../support/permutations.ts';

let receivedAt = 0;
const copy = (trust: Level, details: Details, via: Copy['via'] = 'post'): Copy => ({
  via,
  receivedAt: ++receivedAt,
  isBot: false,
  parts: [{ trust, details }],
});

const mergeCopy = (row: MergedCopies, next: Copy) => merging(row, next).row;

/** The row after all copies, and the levels of those that conflict. */
function merge(copies: readonly Copy[]): { row: MergedCopies; conflicts: Level[] } {
  const [first, ...later] = copies;
  if (!first) throw new Error('no copies');
  let row = firstCopy(first);
  const conflicts: Level[] = [];
  for (const next of later) {
    const merged = merging(row, next);
    row = merged.row;
    if (merged.isConflict) conflicts.push(...next.parts.map(({ trust }) => trust));
  }
  return { row, conflicts };
}

/** Who said a field that the row has. */
const sayer = ({ copies }: MergedCopies, field: string) =>
  copies.find(({ said }) => said.some((name) => name === field))?.trust;

describe.each(permutations(levels))('copies in the order %s, %s, %s, %s', (...order) => {
  test('of different amounts the strongest one stands, and only weaker ones after stronger conflict', () => {
    const { row, conflicts } = merge(
      order.map((trust) => copy(trust, { amount: `${levels.indexOf(trust)}` })),
    );
    expect(row).toMatchObject({ details: { amount: '3' }, trust: 'server' });
    expect(sayer(row, 'amount')).toBe('server');
    const strongestBefore = (index: number) =>
      Math.max(...order.slice(0, index).map((level) => levels.indexOf(level)));
    expect(conflicts).toEqual(
      order.filter((level, index) => index > 0 && levels.indexOf(level) < strongestBefore(index)),
    );
  });

  test('each fills what the row lacks, and the row remembers who said what', () => {
    const said: Record<Level, Details> = {
      unsigned: { referral: 'r1', referralSource: 'param' },
      origin: { page: 'https://acme.example/' },
      signed: { currency: 'USD' },
      server: { amount: '5' },
    };
    const { row } = merge(order.map((trust) => copy(trust, said[trust])));
    expect(row.details).toEqual(Object.assign({}, ...Object.values(said)));
    expect(Object.fromEntries(row.copies.map((record) => [record.trust, record.said]))).toEqual({
      unsigned: ['referral', 'referralSource'],
      origin: ['page'],
      signed: ['currency'],
      server: ['amount'],
    });
  });
});

const someDetails: fc.Arbitrary<Details> = fc.record(
  {
    purchasedAt: fc.constantFrom(1, 2, 3),
    amount: fc.constantFrom('1', '2', '3'),
    currency: fc.constantFrom('EUR', 'USD'),
    page: fc.constantFrom('https://a.example/', 'https://b.example/'),
    referral: fc.constantFrom('r1', 'r2', 'r3'),
  },
  { requiredKeys: [] },
);
/** One copy of each level, saying what it likes. */
const oneOfEach = fc.tuple(...levels.map((trust) => someDetails.map((said) => copy(trust, said))));

function strongestLevels(copies: readonly Copy[]): object {
  const said = copies.flatMap(({ parts }) =>
    parts.flatMap(({ trust, details: ofPart }) => Object.keys(ofPart).map((name) => [name, trust])),
  );
  return Object.fromEntries(said);
}

/** What the strongest copy that says a field says of it. */
function strongestWord(copies: readonly Copy[]): Details {
  return Object.assign({}, ...copies.flatMap(({ parts }) => parts.map((part) => part.details)));
}

test('copies of all levels end in the same row, in all orders: each field is what the strongest says', () => {
  fc.assert(
    fc.property(oneOfEach, (copies) => {
      const expected = { details: strongestWord(copies), trust: 'server' };
      for (const order of permutations(copies)) {
        const { row } = merge(order);
        expect(row).toMatchObject(expected);
        expect(detailLevels(row)).toEqual(strongestLevels(copies));
      }
    }),
    { numRuns: 200 },
  );
});

const anyPart = fc.record({
  trust: fc.constantFrom(...levels),
  details: fc.record(
    {
      purchasedAt: fc.nat(9),
      amount: fc.constantFrom('1', '2'),
      currency: fc.constantFrom('EUR', 'USD'),
      referral: fc.constantFrom('', 'one', 'other'),
      referralSource: fc.constantFrom(...referralSources),
      landedAt: fc.nat(9),
      page: fc.constantFrom('', 'https://acme.example/'),
    },
    { requiredKeys: [] },
  ),
});
const anyCopy = fc.record({
  via: fc.constantFrom('post' as const, 'gif' as const),
  receivedAt: fc.nat(),
  isBot: fc.boolean(),
  parts: fc.array(anyPart, { maxLength: 3 }),
});

test('the first copy makes what merging it into nothing would', () => {
  fc.assert(
    fc.property(anyCopy, (copy) => {
      const { row: merged } = merging({ details: {}, trust: 'unsigned', copies: [] }, copy);
      expect(firstCopy(copy)).toEqual(merged);
    }),
    { numRuns: 2_000 },
  );
});

describe('one copy more', () => {
  test('an equal copy leaves the very same row', () => {
    const row = firstCopy(copy('origin', { amount: '5', purchasedAt: 1 }));
    expect(mergeCopy(row, copy('origin', { amount: '5', purchasedAt: 1 }))).toBe(row);
  });

  test('a copy by another way is remembered once', () => {
    const once = mergeCopy(
      firstCopy(copy('origin', { amount: '5' })),
      copy('origin', { amount: '5' }, 'gif'),
    );
    expect(once.copies).toMatchObject([
      { via: 'post', said: ['amount'] },
      { via: 'gif', said: [] },
    ]);
    expect(mergeCopy(once, copy('origin', { amount: '5' }, 'gif'))).toBe(once);
  });

  test('a stronger copy that agrees makes the amount harder to change', () => {
    const row = mergeCopy(firstCopy(copy('unsigned', { amount: '5' })), copy('server', { amount: '5' }));
    expect(merging(row, copy('signed', { amount: '6' }))).toMatchObject({ isConflict: true });
  });

  test('amounts are compared as numbers, and shown as who prevails has written them', () => {
    const row = firstCopy(copy('origin', { amount: '49.9' }));
    expect(merging(row, copy('origin', { amount: '49.90' }))).toEqual({ row, isConflict: false });
    expect(mergeCopy(row, copy('server', { amount: '49.90' })).details.amount).toBe('49.90');
  });

  test('a copy that conflicts still fills what is lacking, as it would have by coming first', () => {
    const row = firstCopy(copy('server', { amount: '5' }));
    const late = merging(row, copy('origin', { amount: '6', referral: 'r1' }));
    expect(late.isConflict).toBe(true);
    expect(late.row.details).toEqual({ amount: '5', referral: 'r1' });
  });

  test('what a browser carries beside a signature is worth no more than the browser', () => {
    const row = firstCopy(copy('origin', { referral: 'r1' }));
    const forged: Copy = {
      via: 'post',
      receivedAt: 2,
      isBot: false,
      parts: [
        { trust: 'signed', details: { amount: '5' } },
        { trust: 'unsigned', details: { referral: 'forged' } },
      ],
    };
    const { details, trust } = mergeCopy(row, forged);
    expect(details).toEqual({ referral: 'r1', amount: '5' });
    expect(trust).toBe('signed');
  });

  test('the landing of one referral is never told of another', () => {
    const landed = firstCopy(copy('origin', { referral: 'r1', referralSource: 'param', landedAt: 7 }));
    const replaced = mergeCopy(landed, copy('server', { referral: 'r2' }));
    expect(replaced.details).toEqual({ referral: 'r2' });
    const late = mergeCopy(
      replaced,
      copy('origin', { referral: 'r1', referralSource: 'param', landedAt: 7 }),
    );
    expect(late.details).toEqual({ referral: 'r2' });
    const right = mergeCopy(late, copy('origin', { referral: 'r2', landedAt: 9 }));
    expect(right.details).toEqual({ referral: 'r2', landedAt: 9 });
  });
});
