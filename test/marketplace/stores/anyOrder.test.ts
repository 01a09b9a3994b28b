import fc from 'fast-check';
import { expect } from 'vitest';
import { type Level, levels } from '../../../src/wire/fields.ts';
import { expectFiguresOfRows } from '../support/figures.ts';
import { bearer, fromAcme, purchase, signed } from '../support/purchase.ts';
import { type Fields, startMs } from '../support/service.ts';
import { test } from '../support/test.ts';

/** `npm run soak` plays two thousand. */
const shuffles = Number(process.env.ONRAMP_SHUFFLES ?? 12);

/** One message about an event, by who sends it. */
interface Copy {
  by: Level;
  fields: Fields;
}

const stamp = { purchasedAt: startMs, clock: startMs };
const at = (hour: number) => ({ purchasedAt: `2026-05-04T${hour}:00:00.000Z` });
const money = (amount: string) => ({ amount, currency: 'EUR' });

/**
 * What senders of each level say of one payment. Pages and servers may each disagree on its customer, and servers on the
 * time; else each says the same again.
 */
function paid(identity: Fields, customers: readonly string[]): Copy[] {
  return levels.flatMap((by, index) => {
    // A signature doesn't cover the referral: it is the word of the page that carries it.
    const carried = {
      referral: `r-${by === 'signed' ? 'origin' : by}`,
      referralSource: 'param',
      landedAt: startMs,
    };
    return customers.flatMap((customerId) => [
      { by, fields: { customerId, ...identity, ...carried } },
      { by, fields: { customerId, ...identity, ...money(`${index}.5`), ...carried } },
    ]);
  });
}

const copies: readonly Copy[] = [
  ...paid({ orderId: 'o-1', ...at(10) }, ['cus_9', '42', 'Jose\u0301']),
  // A processor's session and its invoice.
  ...['09:59:58', '10:00:02'].map((time) => ({
    by: 'server' as const,
    fields: { orderId: 'o-1', customerId: 'cus_8', purchasedAt: `2026-05-04T${time}.000Z` },
  })),
  ...paid({ orderId: 'o-2', ...at(11) }, ['42', 'cus_9']),
  ...paid({ ...at(12) }, ['42']),
  ...paid({ ...stamp }, ['42']),
  ...['unsigned', 'origin', 'server'].map((by) => ({
    by: by as Level,
    fields: { event: 'signup', customerId: '42', ...stamp, page: `https://${by}.example/` },
  })),
  // Neither a signup's order nor a visit's service tells it from others.
  ...['unsigned', 'origin', 'server'].flatMap((by) => [
    { by: by as Level, fields: { event: 'signup', customerId: '42', orderId: `trial-${by}`, ...stamp } },
    {
      by: by as Level,
      fields: { event: 'visit', serviceName: `by ${by}`, referral: 'r-visit', landedAt: startMs },
    },
  ]),
  { by: 'unsigned', fields: { event: 'visit', referral: 'r-unsigned', landedAt: startMs } },
  {
    by: 'server',
    fields: { event: 'renewal', customerId: '42', orderId: 'o-2', ...at(11), ...money('3.5') },
  },
  {
    by: 'server',
    fields: { event: 'renewal', customerId: 'cus_9', orderId: 'o-3', ...at(13), ...money('7') },
  },
  ...['o-1', 'o-3'].flatMap((orderId) =>
    [at(14), at(15)].flatMap((time, index) =>
      ['1.5', `${index + 1}`].map((amount) => ({
        by: 'server' as const,
        fields: { event: 'refund', customerId: '42', orderId, ...time, ...money(amount) },
      })),
    ),
  ),
];

const plays = fc.record({
  sent: fc.shuffledSubarray([...copies], { minLength: 2, maxLength: 16 }),
  order: fc.infiniteStream(fc.nat()),
  repeated: fc.array(fc.nat(), { maxLength: 6 }),
});

test(
  'any order, repetition and mixture of copies ends in the same ledger',
  async ({ addProvider }) => {
    type Provider = Awaited<ReturnType<typeof addProvider>>;

    async function send(acme: Provider, { by, fields }: Copy): Promise<void> {
      const message: Fields = { ...purchase, purchasedAt: undefined, partnerKey: acme.partnerKey, ...fields };
      if (fields.event === 'visit') message.customerId = undefined;
      const { status } =
        by === 'server'
          ? await acme.post(message, bearer(acme.secret))
          : by === 'signed'
            ? await acme.post(signed(message, acme, startMs), fromAcme)
            : await acme.post(message, by === 'origin' ? fromAcme : {});
      // Another amount is told to who says it, and changes nothing.
      expect([200, 201, 409]).toContain(status);
    }

    async function ledgerOf(acme: Provider): Promise<object[]> {
      const rows = await acme.rows('?limit=1000');
      const facts = rows.map(({ id: _id, partnerKey: _key, receivedAt: _at, copies: records, ...row }) => ({
        ...row,
        copies: (records as { trust: string; said: string[] }[])
          .map(({ trust, said }) => `${trust}: ${said.toSorted()}`)
          .sort(),
      }));
      return facts.sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
    }

    async function sendInTurn(acme: Provider, sent: readonly Copy[]): Promise<object[]> {
      for (const copy of sent) await send(acme, copy);
      return await ledgerOf(acme);
    }

    async function sendAtOnce(acme: Provider, sent: readonly Copy[]): Promise<object[]> {
      await Promise.all(sent.map((copy) => send(acme, copy)));
      return await ledgerOf(acme);
    }

    await fc.assert(
      fc.asyncProperty(plays, async ({ sent, order, repeated }) => {
        const [inTurn, inOtherTurn, atOnce] = [await addProvider(), await addProvider(), await addProvider()];
        const again = repeated.flatMap((index) => sent[index % sent.length] ?? []);
        const shuffled = [...sent, ...again]
          .map((copy) => ({ copy, place: order.next().value ?? 0 }))
          .sort((one, other) => one.place - other.place)
          .map(({ copy }) => copy);
        // Beside each other, since they have nothing to do with each other.
        const [ledger, inOther, together] = await Promise.all([
          sendInTurn(inTurn, sent),
          sendInTurn(inOtherTurn, shuffled),
          sendAtOnce(atOnce, shuffled),
        ]);
        expect(inOther).toEqual(ledger);
        expect(together).toEqual(ledger);
        for (const provider of [inTurn, inOtherTurn, atOnce]) {
          await expectFiguresOfRows(provider, { by: 'day,service,verdict,level' });
        }
      }),
      { numRuns: shuffles },
    );
  },
  60_000 + shuffles * 1_000,
);
