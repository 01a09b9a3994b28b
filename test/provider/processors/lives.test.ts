import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type OnrampCall, sendCalls } from '../../../src/provider/stripe.ts';
import { startService } from '../../marketplace/support/service.ts';
import { createClient } from '../support/client.ts';
import { type Summary, summarize } from './support/ledger.ts';
import type { Life } from './support/life.ts';
import { anyPaddleLife } from './support/paddleLife.ts';
import { anyStripeLife } from './support/stripeLife.ts';

const callsOf = ({ mapped }: Life): OnrampCall[] => mapped.flatMap(({ calls }) => calls);

describe.each([
  ['Stripe', anyStripeLife],
  ['Paddle', anyPaddleLife],
])('%s', (_name, life) => {
  test('whatever happens, its events come to the same, at once or late, twice and in any order', () => {
    fc.assert(
      fc.property(life, (lived) => {
        expect(summarize(callsOf(lived))).toEqual(lived.expected);
      }),
    );
  });

  test('and so does what the service makes of them', async () => {
    const service = await startService();
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(life, async (lived) => {
        service.time.now = Math.max(service.time.now, lived.endMs);
        const { partnerKey, secret, rows } = await service.addProvider({ partnerKey: `pk_${++runs}` });
        const { onramp } = createClient({ baseUrl: service.baseUrl, partnerKey, secret });
        await Promise.all(lived.mapped.map((mapped) => sendCalls(onramp, mapped)));
        expect(readBack(await rows('?limit=1000'))).toEqual(lived.expected);
      }),
      { numRuns: 15 },
    );
  });
});

/** The ledger added up, as the provider reads it; each refund is a row of its own besides. */
function readBack(rows: readonly Record<string, unknown>[]): Summary {
  const of = (event: string, name: string) =>
    rows.flatMap((row) => (row.event === event ? [String(row[name])] : [])).sort();
  const sum = (amounts: readonly string[]) =>
    amounts.reduce((total, amount) => total + Math.round(Number(amount) * 100), 0) / 100;
  const orders = rows.filter(({ event }) => event === 'purchase' || event === 'renewal');
  return {
    signups: of('signup', 'customerId'),
    purchases: of('purchase', 'orderId'),
    renewals: of('renewal', 'orderId'),
    referrals: of('purchase', 'referral'),
    gross: sum(orders.map(({ amount }) => String(amount))),
    refunded: sum(orders.map(({ refunded = '0' }) => String(refunded))),
  };
}
