import fc from 'fast-check';
import { expect, test } from 'vitest';
import { detailLevels, firstCopy, mergeCopy } from '../../src/marketplace/ledger/merge.ts';
import type { Copy, Details, MergedCopies } from '../../src/marketplace/ledger/tracking.ts';
import { type Level, levels } from '../../src/wire/fields.ts';
import { bearer, fromAcme, purchase, signed } from './support/purchase.ts';
import { startMs, startService } from './support/service.ts';

const details: fc.Arbitrary<Details> = fc.record(
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
const oneOfEach = fc.tuple(...levels.map((trust) => details.map((said) => copyOf(trust, said))));

function copyOf(trust: Level, said: Details): Copy {
  return { via: 'post', receivedAt: levels.indexOf(trust), isBot: false, parts: [{ trust, details: said }] };
}

function merge([first, ...later]: readonly Copy[]): MergedCopies {
  if (!first) throw new Error('There are no copies.');
  return later.reduce<MergedCopies>((row, copy) => mergeCopy(row, copy).row, firstCopy(first));
}

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}

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
        const row = merge(order);
        expect(row).toMatchObject(expected);
        expect(detailLevels(row)).toEqual(strongestLevels(copies));
      }
    }),
    { numRuns: 200 },
  );
});

test('the service ends with the same row, whatever order the four senders come in', async () => {
  const service = await startService();
  const keys = await service.addProvider();
  const senders = [
    (order: object) => service.post({ ...purchase, ...order, amount: '1', referral: 'r1' }),
    (order: object) => service.post({ ...purchase, ...order, amount: '2', referral: 'r2' }, fromAcme),
    (order: object) => service.post(signed({ ...purchase, ...order, amount: '3' }, keys, startMs)),
    (order: object) => service.post({ ...purchase, ...order, amount: '4' }, bearer(keys.secret)),
  ];
  const orders = permutations(senders);
  await Promise.all(
    orders.map(async (order, index) => {
      for (const send of order) await send({ orderId: `${index}` });
    }),
  );
  const rows = await service.list('/api/SaasTrackings?limit=1000', keys.secret);
  expect(rows).toHaveLength(orders.length);
  for (const row of rows)
    expect(row).toMatchObject({
      trust: 'server',
      amount: '4',
      referral: 'r2',
      levels: { referral: 'origin' },
    });
});
