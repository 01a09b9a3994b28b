import Stripe from 'stripe';
import { expect, test } from 'vitest';
import { fromStripe, sendCalls, toClientReferenceId, toMetadata } from '../../../src/provider/stripe.ts';
import { summarize } from './support/ledger.ts';
import { createStripeAccount } from './support/stripeAccount.ts';
import { mapStripe } from './support/stripeLife.ts';

const referral = { id: 'Zk3vQmX0aB1cD2eF3gH4iJ', source: 'param', landedAt: 1_777_800_000_000 } as const;
const metadata = toMetadata({ customerId: '42', referral });
const serviceName = 'Acme CRM';
const dayS = 86_400;

type Account = ReturnType<typeof createStripeAccount>;

const mapAll = (account: Account) => mapStripe(account, account.events).flatMap(({ calls }) => calls);

test('a trial, its first invoice, renewals, refunds and a dispute', () => {
  const account = createStripeAccount(metadata);
  account.subscribe(4990, 14);
  account.time.seconds += 14 * dayS;
  const first = account.charge(4990);
  account.time.seconds += 30 * dayS;
  const second = account.charge(4990);
  account.time.seconds += 30 * dayS;
  account.charge(1500, 'subscription_update');
  account.time.seconds += dayS;
  account.refund(first, 1000);
  account.time.seconds += dayS;
  const failing = account.refund(first, 500);
  account.time.seconds += dayS;
  account.failRefund(first, failing);
  account.time.seconds += dayS;
  const dispute = account.dispute(second, 4990);
  account.time.seconds += 40 * dayS;
  account.closeDispute(dispute, 'lost');

  expect(summarize(mapAll(account))).toEqual({
    signups: ['42'],
    purchases: [first.invoice?.id],
    renewals: [second.invoice?.id, account.invoices[3]?.id],
    referrals: [referral.id],
    gross: 114.8,
    refunded: 59.9,
  });
  // Nothing of it is anybody else's.
  expect(new Set(mapAll(account).map(({ fields }) => fields.customerId))).toEqual(new Set(['42']));
});

test('a payment link keeps the referral by client_reference_id, and is Stripe’s customer in all events', () => {
  const account = createStripeAccount({});
  account.subscribe(4990, 0, { clientReferenceId: toClientReferenceId(referral) ?? '' });
  account.charge(4990);
  const calls = mapAll(account);
  expect(summarize(calls)).toMatchObject({
    purchases: [account.invoices[0]?.id],
    referrals: [referral.id],
    gross: 99.8,
  });
  expect(new Set(calls.map(({ fields }) => fields.customerId)).size).toBe(1);
});

test('a one-time payment by bank debit, given back by and by', () => {
  const account = createStripeAccount(metadata);
  const payment = account.buy(4990, true);
  for (const amount of [1000, 1000, 2990]) {
    account.time.seconds += dayS;
    account.refund(payment, amount);
  }
  const { payment_intent } = payment.charge;
  expect(summarize(mapAll(account))).toMatchObject({
    purchases: [payment_intent],
    gross: 49.9,
    refunded: 49.9,
  });
  // The charge's events are enough where no dispute is.
  const alone = account.events.flatMap((event) => fromStripe(event, { serviceName }).calls);
  expect(summarize(alone)).toMatchObject({ purchases: [payment_intent], gross: 49.9, refunded: 49.9 });
});

test('a dispute that is won takes nothing, one that was lost and then reinstated gives it back', () => {
  const account = createStripeAccount(metadata);
  const payment = account.subscribe(4990);
  if (!payment) throw new Error('no payment');
  account.closeDispute(account.dispute(payment, 4990), 'won');
  expect(summarize(mapAll(account))).toMatchObject({ gross: 49.9, refunded: 0 });
  account.time.seconds += dayS;
  const lost = account.dispute(payment, 4990);
  account.time.seconds += dayS;
  account.closeDispute(lost, 'lost');
  expect(summarize(mapAll(account))).toMatchObject({ gross: 49.9, refunded: 49.9 });
  account.time.seconds += dayS;
  account.closeDispute(lost, 'won');
  expect(summarize(mapAll(account))).toMatchObject({ gross: 49.9, refunded: 0 });
});

test('an event is verified by Stripe’s library and mapped as it comes', () => {
  const account = createStripeAccount(metadata);
  account.subscribe(4990);
  const stripe = new Stripe('sk_test_none');
  const secret = 'whsec_test';
  const calls = account.events.flatMap((event) => {
    const payload = JSON.stringify({ object: 'event', ...event });
    const signature = stripe.webhooks.generateTestHeaderString({ payload, secret });
    const verified = stripe.webhooks.constructEvent(payload, signature, secret);
    expect(() => stripe.webhooks.constructEvent(`${payload} `, signature, secret)).toThrow(
      Stripe.errors.StripeSignatureVerificationError,
    );
    return fromStripe(verified, { serviceName }).calls;
  });
  expect(summarize(calls)).toMatchObject({ purchases: [account.invoices[0]?.id], gross: 49.9 });
});

test('every call goes to the method of its name', async () => {
  const sent: string[] = [];
  const method = (name: string) => async (fields: { customerId: string }) =>
    sent.push(`${name} ${fields.customerId}`);
  const onramp = {
    trackSignup: method('signup'),
    trackPurchase: method('purchase'),
    trackRenewal: method('renewal'),
    trackRefund: method('refund'),
  };
  const account = createStripeAccount(metadata);
  account.subscribe(4990, 14);
  account.refund(account.charge(4990), 1000);
  account.time.seconds += dayS;
  account.charge(4990);
  for (const event of account.events) {
    await sendCalls(onramp, fromStripe(event, { serviceName, ...account.readMore(event) }));
  }
  expect([...new Set(sent)]).toEqual(['signup 42', 'purchase 42', 'refund 42', 'renewal 42']);
});
