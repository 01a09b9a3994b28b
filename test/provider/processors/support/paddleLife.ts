import fc from 'fast-check';
import { fromPaddle, type MappedEvent } from '../../../../src/provider/paddle.ts';
import { anyLife, metadata, referral, serviceName } from './life.ts';
import { createPaddleAccount, type PaddleJson } from './paddleAccount.ts';

type Account = ReturnType<typeof createPaddleAccount>;
const hourMs = 3_600_000;

/** As the guide does it, with what the API says now. */
export function mapPaddle(account: Account, events: readonly PaddleJson[]): MappedEvent[] {
  return events.map((event) => fromPaddle(event, { serviceName, ...account.readMore(event) }));
}

export const anyPaddleLife = anyLife({
  begin(trialDays) {
    const account = createPaddleAccount(metadata);
    account.subscribe(4990, trialDays);
    return account;
  },
  anyDay: fc.record({
    kind: fc.constantFrom('charge', 'charge', 'refund', 'rejected', 'chargeback', 'reversed', 'credit'),
    amount: fc.integer({ min: 1, max: 20_000 }),
    /** Of the transactions so far. */
    which: fc.nat(9),
  }),
  live(account, { kind, amount, which }) {
    account.time.now += 24 * hourMs;
    const transaction = account.transactions[which % account.transactions.length];
    if (kind === 'charge' || !transaction) {
      account.charge(amount);
      return;
    }
    const adjusted = account.adjustments
      .filter((one) => one.transaction_id === transaction.id)
      .reduce((sum, one) => sum + one.amount, 0);
    const part = Math.min(amount, transaction.amount - adjusted);
    if (part <= 0) return;
    if (kind === 'refund' || kind === 'rejected') {
      const refund = account.adjust(transaction, 'refund', part, 'pending_approval');
      account.time.now += hourMs;
      account.settle(refund, kind === 'refund' ? 'approved' : 'rejected');
      if (kind === 'refund') account.books.givenBack += part;
      return;
    }
    account.adjust(transaction, kind === 'credit' ? 'credit' : 'chargeback', part, 'approved');
    account.time.now += hourMs;
    if (kind === 'reversed') account.adjust(transaction, 'chargeback_reverse', part, 'approved');
    if (kind === 'chargeback') account.books.givenBack += part;
  },
  map: mapPaddle,
  addUp({ transactions, books }, trialDays) {
    const paid = transactions.filter(({ amount }) => amount > 0);
    const orderIds = paid.map(({ id }) => id);
    return {
      signups: trialDays > 0 ? ['42'] : [],
      purchases: orderIds.slice(0, 1),
      renewals: orderIds.slice(1).sort(),
      referrals: orderIds.length > 0 ? [referral.id] : [],
      gross: paid.reduce((sum, { amount }) => sum + amount, 0) / 100,
      refunded: books.givenBack / 100,
    };
  },
  endMs: ({ time }) => time.now,
});
