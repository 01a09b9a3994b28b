import fc from 'fast-check';
import { fromStripe, type MappedEvent, type StripeEvent } from '../../../../src/provider/stripe.ts';
import { anyLife, metadata, referral, serviceName } from './life.ts';
import { createStripeAccount } from './stripeAccount.ts';

type Account = ReturnType<typeof createStripeAccount>;
const hourS = 3600;

/** As the guide does it, with what the API says now. */
export function mapStripe(account: Account, events: readonly StripeEvent[]): MappedEvent[] {
  return events.map((event) => fromStripe(event, { serviceName, ...account.readMore(event) }));
}

export const anyStripeLife = anyLife({
  begin(trialDays) {
    const account = createStripeAccount(metadata);
    account.subscribe(4990, trialDays);
    return account;
  },
  anyDay: fc.record({
    kind: fc.constantFrom(
      'charge',
      'charge',
      'refund',
      'failedRefund',
      'lostDispute',
      'wonDispute',
      'reinstated',
    ),
    amount: fc.integer({ min: 1, max: 20_000 }),
    /** Of the payments so far. */
    which: fc.nat(9),
  }),
  live(account, { kind, amount, which }) {
    account.time.seconds += 24 * hourS;
    const payment = account.payments[which % account.payments.length];
    if (kind === 'charge' || !payment) {
      account.charge(amount);
      return;
    }
    const { charge } = payment;
    const part = Math.min(amount, charge.amount - charge.amount_refunded);
    if (charge.disputed || part === 0) return;
    if (kind === 'refund' || kind === 'failedRefund') {
      const refund = account.refund(payment, part);
      account.time.seconds += hourS;
      if (kind === 'failedRefund') account.failRefund(payment, refund);
      return;
    }
    const dispute = account.dispute(payment, charge.amount - charge.amount_refunded);
    account.time.seconds += hourS;
    account.closeDispute(dispute, kind === 'wonDispute' ? 'won' : 'lost');
    account.time.seconds += hourS;
    if (kind === 'reinstated') account.closeDispute(dispute, 'won');
  },
  map: mapStripe,
  addUp({ payments }, trialDays) {
    const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0) / 100;
    const refunds = payments.flatMap(({ refunds }) => refunds.filter(({ status }) => status !== 'failed'));
    const lost = payments.flatMap(({ disputes }) => disputes.filter(({ status }) => status === 'lost'));
    const orderIds = payments.flatMap(({ invoice }) => invoice?.id ?? []);
    return {
      signups: trialDays > 0 ? ['42'] : [],
      purchases: orderIds.slice(0, 1),
      renewals: orderIds.slice(1).sort(),
      referrals: orderIds.length > 0 ? [referral.id] : [],
      gross: sum(payments.map(({ charge }) => charge.amount)),
      refunded: sum([...refunds, ...lost].map(({ amount }) => amount)),
    };
  },
  endMs: ({ time }) => time.seconds * 1000,
});
