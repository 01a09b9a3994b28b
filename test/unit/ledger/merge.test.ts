import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  asSent,
  detailLevels,
  firstCopy,
  levelOf,
  mergeRows,
  mergeCopy as merging,
  ofOtherCustomer,
  withoutCustomersSpelling,
} from '../../../src/marketplace/ledger/merge.ts';
import type { Copy, CopyRecord, Details, MergedCopies } from '../../../src/marketplace/ledger/tracking.ts';
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
    for (const trust of levels) {
      const row = firstCopy(copy(trust, { amount: '5', purchasedAt: 1 }));
      expect(mergeCopy(row, copy(trust, { amount: '5', purchasedAt: 1 }))).toBe(row);
    }
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

  test('the same referral keeps its landing', () => {
    const landed = firstCopy(copy('origin', { referral: 'r1', referralSource: 'param', landedAt: 7 }));
    expect(mergeCopy(landed, copy('server', { referral: 'r1' })).details).toEqual(landed.details);
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

describe('the time of a purchase', () => {
  test.each<[Level, number]>([
    ['server', 1],
    ['signed', 1],
    ['origin', 2],
    ['unsigned', 2],
  ])('of two %s copies, 2 and then 1, is %i', (trust, stands) => {
    const later = firstCopy(copy(trust, { purchasedAt: 2 }));
    expect(mergeCopy(later, copy(trust, { purchasedAt: 1 }, 'gif')).details.purchasedAt).toBe(stands);
    const earlier = firstCopy(copy(trust, { purchasedAt: 1 }));
    expect(mergeCopy(earlier, copy(trust, { purchasedAt: 2 }, 'gif')).details.purchasedAt).toBe(1);
  });

  test('that is earlier brings no other word with it', () => {
    const row = firstCopy(copy('server', { purchasedAt: 2, amount: '5' }));
    const { row: earlier, isConflict } = merging(row, copy('server', { purchasedAt: 1, amount: '6' }));
    expect({ ...earlier.details, isConflict }).toEqual({ purchasedAt: 1, amount: '5', isConflict: true });
  });

  test('of the server is not made earlier by a signature', () => {
    const row = firstCopy(copy('server', { purchasedAt: 2 }));
    expect(mergeCopy(row, copy('signed', { purchasedAt: 1 })).details.purchasedAt).toBe(2);
  });
});

describe('who knows of the copies', () => {
  const byBot = (trust: Level, via: Copy['via'] = 'post') => ({ ...copy(trust, {}, via), isBot: true });
  const bots = ({ copies }: MergedCopies) => copies.map(({ bot }) => bot);

  test('copies of one level and way are a bot’s where all of them are', () => {
    expect(bots(firstCopy(byBot('origin')))).toEqual([true]);
    expect(bots(mergeCopy(firstCopy(byBot('origin')), byBot('origin')))).toEqual([true]);
    expect(bots(mergeCopy(firstCopy(byBot('origin')), copy('origin', {})))).toEqual([undefined]);
    expect(bots(mergeCopy(firstCopy(copy('origin', {})), byBot('origin')))).toEqual([undefined]);
    expect(bots(mergeCopy(firstCopy(copy('origin', {})), byBot('origin', 'gif')))).toEqual([undefined, true]);
  });

  test('when it came first, by level and way', () => {
    const first = copy('origin', { amount: '5' });
    const row = mergeCopy(firstCopy(first), copy('origin', { currency: 'EUR' }));
    expect(row.copies).toEqual([
      { trust: 'origin', via: 'post', receivedAt: first.receivedAt, said: ['amount', 'currency'] },
    ]);
  });

  test('what was spelled in another way and what was wrong: the first word of a level and way, and more', () => {
    const sent = (spelling: object, ignored: object): Copy => ({ ...copy('origin', {}), spelling, ignored });
    const row = firstCopy(sent({ customerId: 'é' }, { amount: 'many' }));
    expect(row.copies).toMatchObject([{ spelling: { customerId: 'é' }, ignored: { amount: 'many' } }]);
    const other = sent({ customerId: 'e\u0301', orderId: 'ö' }, { amount: 'more', currency: '€' });
    const more = mergeCopy(row, other);
    expect(more.copies).toMatchObject([
      { spelling: { customerId: 'é', orderId: 'ö' }, ignored: { amount: 'many', currency: '€' } },
    ]);
    expect(mergeCopy(more, other)).toBe(more);
    expect(mergeCopy(row, sent({ customerId: 'é', orderId: 'ö' }, {})).copies).toMatchObject([
      { spelling: { customerId: 'é', orderId: 'ö' }, ignored: { amount: 'many' } },
    ]);
    expect(mergeCopy(row, sent({}, { currency: '€' })).copies).toMatchObject([
      { spelling: { customerId: 'é' }, ignored: { amount: 'many', currency: '€' } },
    ]);
  });

  test('nothing of that where nothing was', () => {
    const row = mergeCopy(firstCopy(copy('origin', {})), copy('server', { amount: '5' }));
    for (const record of row.copies) {
      expect(Object.keys(record)).toEqual(['trust', 'via', 'receivedAt', 'said']);
    }
  });

  test('what belongs to a copy as a whole is told of its first part', () => {
    const signed: Copy = {
      ...copy('signed', { amount: '5' }),
      isBot: true,
      spelling: { customerId: 'é' },
      ignored: { currency: '€' },
    };
    const parts: Copy = {
      ...signed,
      parts: [...signed.parts, { trust: 'unsigned', details: { page: 'p' } }],
    };
    const { receivedAt } = parts;
    const told: CopyRecord[] = [
      {
        trust: 'signed',
        via: 'post',
        receivedAt,
        said: ['amount'],
        bot: true,
        spelling: { customerId: 'é' },
        ignored: { currency: '€' },
      },
      { trust: 'unsigned', via: 'post', receivedAt, said: ['page'], bot: true },
    ];
    expect(firstCopy(parts).copies).toEqual(told);
    const before = firstCopy(copy('origin', {}));
    expect(mergeCopy(before, parts).copies).toEqual([...before.copies, ...told]);
  });
});

test('a copy without any part makes no row and changes none', () => {
  const nothing: Copy = { ...copy('origin', {}), parts: [] };
  expect(firstCopy(nothing)).toEqual({ details: {}, trust: 'unsigned', copies: [] });
  const row = firstCopy(copy('unsigned', {}));
  expect(merging(row, nothing)).toEqual({ row, isConflict: false });
});

test('a conflict is one of amount or currency, of any part', () => {
  const row = firstCopy(copy('server', { amount: '5', currency: 'EUR', page: 'p' }));
  const conflicts = (...parts: Details[]) =>
    merging(row, { ...copy('origin', {}), parts: parts.map((details) => ({ trust: 'origin', details })) })
      .isConflict;
  expect(conflicts({ amount: '6' })).toBe(true);
  expect(conflicts({ currency: 'USD' })).toBe(true);
  expect(conflicts({}, { amount: '6' })).toBe(true);
  expect(conflicts({ amount: '5.0', currency: 'EUR' })).toBe(false);
  expect(conflicts({ page: 'other', orderId: 'o' })).toBe(false);
});

describe('rows that turn out to be one', () => {
  test('are what all copies would have made, in whichever row they came', () => {
    fc.assert(
      fc.property(oneOfEach, fc.integer({ min: 1, max: 3 }), (copies, cut) => {
        const [one, other] = [merge(copies.slice(0, cut)).row, merge(copies.slice(cut)).row];
        expect(mergeRows(one, other).details).toEqual(merge(copies).row.details);
        expect(mergeRows(other, one).details).toEqual(merge(copies).row.details);
      }),
    );
  });

  test('keep what is known of each copy', () => {
    const row = firstCopy(copy('origin', { amount: '5' }));
    const other = mergeCopy(
      firstCopy({ ...copy('server', { currency: 'EUR' }), isBot: true, spelling: { orderId: 'ö' } }),
      copy('origin', { page: 'p' }, 'gif'),
    );
    expect(mergeRows(row, other)).toEqual({
      details: { amount: '5', currency: 'EUR', page: 'p' },
      trust: 'server',
      copies: [...row.copies, ...other.copies],
    });
  });
});

describe('the spelling of a customer', () => {
  const spelled = { customerId: 'é' };
  test('is told no more once the customer is called by another id', () => {
    const row = firstCopy({ ...copy('origin', {}), spelling: { ...spelled, orderId: 'ö' } });
    expect(withoutCustomersSpelling(row)).toEqual({
      ...row,
      copies: [{ ...row.copies[0], spelling: { orderId: 'ö' } }],
    });
    expect(ofOtherCustomer({ spelling: spelled })).toEqual({ spelling: undefined });
  });

  test('that was as it is compared leaves the very copy', () => {
    for (const record of [{}, { spelling: { orderId: 'ö' } }]) expect(ofOtherCustomer(record)).toBe(record);
  });
});

describe('what was sent', () => {
  const sent = (trust: Level, spelling?: object, ignored?: object): Copy => ({
    ...copy(trust, {}),
    ...(spelling && { spelling }),
    ...(ignored && { ignored }),
  });

  test('is what the stronger copy has sent', () => {
    const weak = sent('unsigned', { customerId: 'weak' }, { amount: 'weak', page: 'weak' });
    const strong = sent('server', { customerId: 'strong' }, { amount: 'strong' });
    for (const order of permutations([weak, strong])) {
      expect(asSent(merge(order).row)).toEqual({
        ignored: { amount: 'strong', page: 'weak' },
        spelling: { customerId: 'strong' },
      });
    }
  });

  test('is as it is compared where the strongest copy has sent it so', () => {
    const row = merge([sent('unsigned', { customerId: 'weak' }), sent('server')]).row;
    expect(asSent(row)).toEqual({ ignored: {}, spelling: {} });
    expect(asSent({ details: {}, trust: 'unsigned', copies: [] })).toEqual({ ignored: {}, spelling: {} });
  });

  test('of two copies of a level, the first', () => {
    const gif = { ...sent('origin', { customerId: 'second' }, { amount: 'second' }), via: 'gif' as const };
    expect(asSent(merge([sent('origin', { customerId: 'first' }, { amount: 'first' }), gif]).row)).toEqual({
      ignored: { amount: 'first' },
      spelling: { customerId: 'first' },
    });
  });
});

test('how far a detail can be believed is undefined where the row lacks it', () => {
  const row = mergeCopy(firstCopy(copy('origin', { page: 'p' })), copy('server', { amount: '5' }));
  expect([levelOf(row, 'page'), levelOf(row, 'amount'), levelOf(row, 'currency')]).toEqual([
    'origin',
    'server',
    undefined,
  ]);
  expect(detailLevels(row)).toStrictEqual({ page: 'origin', amount: 'server' });
});
