import { describe, expect, test } from 'vitest';
import { fromPaddle, type PaddleOptions } from '../../../src/provider/paddle.ts';
import { isFirstPayment } from '../../../src/provider/processors/firstPayment.ts';
import { checkReferral, readMetadata } from '../../../src/provider/processors/metadata.ts';
import { readId, readNumber, readText } from '../../../src/provider/processors/read.ts';
import {
  fromClientReferenceId,
  fromStripe,
  type StripeOptions,
  toClientReferenceId,
  toMetadata,
} from '../../../src/provider/stripe.ts';

// What an event has to have, a row each, with no more in it than the rule needs.
const serviceName = 'Acme CRM';
const seconds = 1_777_896_000;
const occurredAt = '2026-05-04T12:00:00Z';
const occurredMs = Date.parse(occurredAt);
const referral = { id: 'r-1', source: 'param', landedAt: 1_777_800_000_000 } as const;
const metadata = toMetadata({ customerId: '42', referral });

describe('Stripe', () => {
  /** What is sent, or why nothing is. */
  const map = (type: string, object: object, more: Partial<StripeOptions> = {}) => {
    const { calls, leftOut } = fromStripe(
      { type, created: seconds, data: { object } },
      { serviceName, ...more },
    );
    return leftOut?.replace(`${type}: `, '') ?? calls;
  };
  const nobody = 'names no customer: set the metadata that toMetadata makes.';
  const session = 'checkout.session.completed';
  const trial = 'customer.subscription.created';
  const ofSubscription = (more: object = {}) => ({
    id: 'in_1',
    parent: { subscription_details: { subscription: 'sub_1', metadata } },
    ...more,
  });
  const lost = { charge: { payment_intent: 'pi_1' }, refunds: [], disputes: [], invoice: null };

  test.each<[type: string, object: object, why: string]>([
    [session, { mode: 'setup' }, 'a session in this mode sells nothing.'],
    [session, { mode: 'payment' }, nobody],
    [session, { mode: 'payment', customer: 'cus_1' }, 'a paid session without payment intent or invoice.'],
    [trial, { status: 'active', customer: 'cus_1' }, 'no trial, its invoice will tell.'],
    [trial, { status: 'trialing' }, nobody],
    ['invoice.paid', { id: 'in_1', subscription: 'sub_1' }, nobody],
    ['invoice.paid', { subscription: 'sub_1', customer: 'cus_1' }, "no subscription's invoice."],
    ['invoice.paid', { id: 'in_1', customer: 'cus_1' }, "no subscription's invoice."],
    [
      'invoice.paid',
      ofSubscription(),
      'amount is NaN: it must be whole minor units, 0 or more, such as 1999.',
    ],
    ['charge.dispute.closed', { status: 'won' }, "the dispute wasn't lost."],
    [
      'charge.refunded',
      { object: 'charge', metadata, amount_refunded: 5 },
      'a charge without payment intent.',
    ],
    [
      'charge.refunded',
      { object: 'charge', metadata, payment_intent: 'pi_1' },
      "the event doesn't tell the whole payment, give it as options.payment.",
    ],
    [
      'refund.created',
      { object: 'refund', metadata, payment_intent: 'pi_1', amount_refunded: 5 },
      "the event doesn't tell the whole payment, give it as options.payment.",
    ],
    ['price.created', {}, 'says nothing of an order.'],
  ])('%s of %j sends nothing', (type, object, why) => {
    expect(map(type, object)).toBe(why);
  });

  test('every event that is known is mapped', () => {
    for (const type of [
      session,
      'checkout.session.async_payment_succeeded',
      trial,
      'invoice.paid',
      'invoice.payment_succeeded',
      'charge.refunded',
      'refund.created',
      'refund.updated',
      'refund.failed',
      'charge.refund.updated',
      'charge.dispute.closed',
      'charge.dispute.funds_reinstated',
    ]) {
      expect(map(type, {})).not.toBe('says nothing of an order.');
    }
  });

  test.each([
    [{ trial_start: seconds - 5 }, (seconds - 5) * 1000],
    [{}, seconds * 1000],
  ])('a trial of %j begins a signup', (start, purchasedAt) => {
    const subscription = { status: 'trialing', customer: { id: 'cus_1' }, ...start };
    expect(map(trial, { ...subscription, metadata })).toEqual([
      { call: 'trackSignup', fields: { serviceName, customerId: '42', purchasedAt, referral } },
    ]);
    const [call] = fromStripe(
      { type: trial, created: seconds, data: { object: subscription } },
      { serviceName },
    ).calls;
    expect(call?.fields).toEqual({ serviceName, customerId: 'cus_1', purchasedAt });
  });

  test.each([
    { amount_total: 0, payment_status: 'paid' },
    { amount_total: 5, payment_status: 'no_payment_required' },
  ])('a session of %j is a signup', (said) => {
    const free = { mode: 'payment', customer: 'cus_1', payment_intent: 'pi_1', ...said };
    expect(map(session, free)).toMatchObject([{ call: 'trackSignup' }]);
  });

  test('an invoice of a subscription without metadata has its own', () => {
    const paid = { amount_paid: 100, currency: 'eur' };
    expect(map('invoice.paid', { id: 'in_1', subscription: 'sub_1', metadata, ...paid })).toMatchObject([
      { fields: { customerId: '42' } },
    ]);
    const options = { payment: { ...lost, invoice: { id: 'in_1', subscription: 'sub_1', metadata } } };
    expect(
      map('refund.created', {}, { payment: { ...options.payment, charge: { amount: 1, currency: 'eur' } } }),
    ).toMatchObject([{ fields: { customerId: '42', orderId: 'in_1' } }]);
  });

  test.each<[object, string]>([
    [{ refunds: [{ amount: 300 }, { amount: 200, status: 'succeeded' }] }, '5.00'],
    [
      {
        refunds: [
          { amount: 300, status: 'failed' },
          { amount: 200, status: 'canceled' },
        ],
      },
      '0.00',
    ],
    [
      {
        disputes: [
          { amount: 300, status: 'lost' },
          { amount: 200, status: 'won' },
        ],
      },
      '3.00',
    ],
    [{ refunds: [{ amount: 900 }], disputes: [{ amount: 900, status: 'lost' }] }, '10.00'],
    // Worth so much of the charge's own currency as nobody knows: all of it.
    [{ disputes: [{ amount: 300, status: 'lost', currency: 'usd' }] }, '10.00'],
    [{ disputes: [{ amount: 300, status: 'lost', currency: 'eur' }] }, '3.00'],
    [{ refunds: [{}] }, '0.00'],
  ])('of a payment with %j is given back %s', (parts, amount) => {
    const charge = { payment_intent: 'pi_1', amount: 1000, currency: 'eur', customer: 'cus_1' };
    expect(map('refund.updated', {}, { payment: { ...lost, charge, ...parts } })).toMatchObject([
      { call: 'trackRefund', fields: { amount, orderId: 'pi_1', customerId: 'cus_1' } },
    ]);
  });

  test.each<[unknown, unknown]>([
    [{ created: seconds, data: { object: {} } }, { serviceName }],
    [{ type: 'invoice.paid', data: { object: {} } }, { serviceName }],
    [{ type: 'invoice.paid', created: seconds }, { serviceName }],
    [{ type: 'invoice.paid', created: seconds, data: { object: {} } }, undefined],
    [{ type: 'invoice.paid', created: seconds, data: { object: {} } }, { serviceName: 7 }],
  ])('%j with %j is a mistake of the program', (event, options) => {
    expect(() => Reflect.apply(fromStripe, undefined, [event, options])).toThrow(/^fromStripe: /);
  });
});

describe('Paddle', () => {
  const map = (event_type: string, data: object, more: Partial<PaddleOptions> = {}) => {
    const { calls, leftOut } = fromPaddle(
      { event_type, occurred_at: occurredAt, data },
      { serviceName, ...more },
    );
    return leftOut?.replace(`${event_type}: `, '') ?? calls;
  };
  const [paid, begun] = ['transaction.completed', 'subscription.created'];
  const adjusted = 'adjustment.updated';
  const worth = (grand_total: string) => ({ details: { totals: { grand_total } }, currency_code: 'EUR' });
  const transaction = { id: 'txn_1', custom_data: metadata, ...worth('1000') };
  const payment = { transaction, adjustments: [] };
  const refund = { action: 'refund', status: 'approved', transaction_id: 'txn_1' };
  const given = (action: string, total: string, status = 'approved') => ({
    action,
    status,
    totals: { total },
  });

  test.each<[type: string, data: object, why: string]>([
    [paid, { ...worth('1000') }, 'a transaction without id.'],
    [paid, { id: 'txn_1', ...worth('0') }, 'nothing was paid.'],
    [paid, { id: 'txn_1', ...worth('0'), origin: 'subscription_recurring' }, 'nothing was paid.'],
    [
      paid,
      { id: 'txn_1', ...worth('x1') },
      'amount is NaN: it must be whole minor units, 0 or more, such as 1999.',
    ],
    [
      paid,
      { id: 'txn_1', ...worth('1x') },
      'amount is NaN: it must be whole minor units, 0 or more, such as 1999.',
    ],
    [begun, { status: 'active' }, 'no trial, its transaction will tell.'],
    [adjusted, {}, 'of no action, nothing is given back.'],
    [adjusted, { action: 'credit' }, 'of credit, nothing is given back.'],
    [adjusted, { action: 'refund' }, 'the refund is without status.'],
    [adjusted, { action: 'refund', status: 'pending_approval' }, 'the refund is pending_approval.'],
    [adjusted, refund, "the event doesn't tell the whole payment, give it as options.payment."],
    ['product.created', {}, 'says nothing of an order.'],
  ])('%s of %j sends nothing', (type, data, why) => {
    expect(map(type, data)).toBe(why);
  });

  test.each(['web', 'api'])('a transaction over nothing of the origin %s is a signup', (origin) => {
    expect(map(paid, { ...transaction, ...worth('0'), origin })).toMatchObject([{ call: 'trackSignup' }]);
    expect(map(paid, { ...transaction, origin })).toMatchObject([{ call: 'trackPurchase' }]);
  });

  test.each<[string, object, object]>([
    [
      'the payment that was captured',
      {
        payments: [
          { status: 'error', captured_at: '2026-05-04T11:00:00Z' },
          { status: 'captured', captured_at: '2026-05-04T11:30:00Z' },
        ],
        billed_at: '2026-05-04T11:45:00Z',
      },
      { purchasedAt: occurredMs - 30 * 60_000 },
    ],
    ['the bill', { billed_at: '2026-05-04T11:45:00Z' }, { purchasedAt: occurredMs - 15 * 60_000 }],
    ['the event', { payments: 'none' }, { purchasedAt: occurredMs }],
  ])('a transaction has the time of %s', (_name, data, fields) => {
    expect(map(paid, { ...transaction, ...data })).toMatchObject([{ call: 'trackRenewal', fields }]);
  });

  test.each<[object, string]>([
    [{ custom_data: metadata, customer_id: 'ctm_1' }, '42'],
    [{ customData: metadata }, '42'],
    [{ customer_id: 'ctm_1' }, 'ctm_1'],
    [{ customerId: 'ctm_1' }, 'ctm_1'],
    [{ customer_id: '' }, 'txn_2'],
  ])('of %j the customer is %s', (who, customerId) => {
    expect(map(paid, { id: 'txn_2', ...worth('1000'), ...who })).toMatchObject([{ fields: { customerId } }]);
  });

  test.each([
    [{ started_at: '2026-05-04T11:45:00.123456789Z' }, occurredMs - 15 * 60_000 + 123],
    [{ started_at: 5 }, occurredMs],
    [{}, occurredMs],
  ])('a trial of %j begins a signup', (start, purchasedAt) => {
    expect(map(begun, { status: 'trialing', custom_data: metadata, ...start })).toEqual([
      { call: 'trackSignup', fields: { serviceName, customerId: '42', purchasedAt, referral } },
    ]);
  });

  test.each<[object[], string]>([
    [[given('refund', '300'), given('refund', '200')], '5.00'],
    [[given('refund', '300', 'pending_approval')], '0.00'],
    [[given('chargeback', '300')], '3.00'],
    [[given('chargeback', '300'), given('chargeback_reverse', '300')], '0.00'],
    [[given('chargeback', '300', 'reversed'), given('chargeback_reverse', '300')], '0.00'],
    [[given('refund', '200'), given('chargeback_reverse', '300')], '2.00'],
    [[given('credit', '300'), { action: 'refund', status: 'approved' }], '0.00'],
  ])('of %j is given back %s', (adjustments, amount) => {
    for (const status of ['approved', 'reversed']) {
      const said = map(
        'adjustment.created',
        { ...refund, status },
        { payment: { transaction, adjustments } },
      );
      expect(said).toMatchObject([{ call: 'trackRefund', fields: { orderId: 'txn_1', amount } }]);
    }
  });

  test.each([
    [refund, { id: 'txn_2' }],
    [{ ...refund, transaction_id: '' }, {}],
  ])('an adjustment %j is of no other payment: %j', (adjustment, other) => {
    expect(map(adjusted, adjustment, { payment: { ...payment, transaction: other } })).toBe(
      'the payment given is another one.',
    );
  });

  test.each<[unknown, unknown]>([
    [{ occurred_at: occurredAt }, { serviceName }],
    [{ event_type: paid }, { serviceName }],
    [{ event_type: paid, occurred_at: 'soon' }, { serviceName }],
    [{ event_type: paid, occurred_at: occurredAt }, undefined],
    [{ event_type: paid, occurred_at: occurredAt }, { serviceName: ' ' }],
    [{ event_type: paid, occurred_at: occurredAt }, { serviceName: 7 }],
  ])('%j with %j is a mistake of the program', (event, options) => {
    expect(() => Reflect.apply(fromPaddle, undefined, [event, options])).toThrow(/^fromPaddle: /);
  });
});

test.each([
  ['the only one', [], true],
  ['itself', [{ id: 'b', paidAt: 5, isFree: false }], true],
  ['one that cost nothing', [{ id: 'a', paidAt: 1, isFree: true }], true],
  ['an earlier one', [{ id: 'c', paidAt: 4, isFree: false }], false],
  ['a later one', [{ id: 'a', paidAt: 6, isFree: false }], true],
  ['one of the same time whose id is smaller', [{ id: 'a', paidAt: 5, isFree: false }], false],
  ['one of the same time whose id is larger', [{ id: 'c', paidAt: 5, isFree: false }], true],
])('beside %s a payment is the first: %3$j', (_name, others, expected) => {
  expect(isFirstPayment({ id: 'b', paidAt: 5, isFree: false }, others)).toBe(expected);
});

describe('a referral is one', () => {
  test.each<[unknown, boolean]>([
    [referral, true],
    [{ ...referral, source: 'referrer' }, true],
    [{ ...referral, id: 'x'.repeat(300) }, true],
    [{ ...referral, id: 'x'.repeat(301) }, false],
    [{ ...referral, id: ' ' }, false],
    [{ ...referral, id: 7 }, false],
    [{ ...referral, source: 'ad' }, false],
    [{ ...referral, landedAt: '1777800000000' }, false],
    [{ ...referral, landedAt: Number.NaN }, false],
    [{ id: 'r-1' }, false],
    ['r-1', false],
    [null, false],
  ])('%j: %j', (value, expected) => {
    expect(checkReferral(value)).toEqual(expected ? value : undefined);
  });

  test('without the blanks around its id', () => {
    expect(checkReferral({ ...referral, id: ' r-1 ' })).toEqual(referral);
  });
});

test('metadata is read of the first that has it, each field by itself', () => {
  expect(readMetadata({}, { onramp_customer_id: 'x'.repeat(200) }, metadata)).toEqual({
    customerId: 'x'.repeat(200),
    serviceName: undefined,
    referral,
  });
  expect(readMetadata(null, { onramp_customer_id: true })).toEqual({
    customerId: undefined,
    serviceName: undefined,
    referral: undefined,
  });
});

test('a client_reference_id has not more than 200 letters, of the alphabet of addresses', () => {
  const written = (id: string) => toClientReferenceId({ ...referral, id });
  const lengths = Array.from({ length: 120 }, (_, length) => written('x'.repeat(length + 1))?.length);
  expect(Math.max(...lengths.map((length) => length ?? 0))).toBe(199);
  // In base64 of standard alphabet these have + and /.
  for (const id of ['>>>???~~~', 'ÿÿÿ', 'ÿ?ÿ>ÿ~']) {
    expect(written(id)).toMatch(/^onramp_[A-Za-z0-9_-]+$/);
    expect(fromClientReferenceId(written(id))).toEqual({ ...referral, id });
  }
});

test.each<[unknown, string | undefined, number | undefined, string | undefined]>([
  [{ a: 'x' }, 'x', undefined, 'x'],
  [{ a: '' }, undefined, undefined, undefined],
  [{ a: 5 }, undefined, 5, undefined],
  [{ a: Number.NaN }, undefined, undefined, undefined],
  [{ a: Number.POSITIVE_INFINITY }, undefined, undefined, undefined],
  [{ a: { id: 'y' } }, undefined, undefined, 'y'],
  [{ a: null }, undefined, undefined, undefined],
  [null, undefined, undefined, undefined],
  ['text', undefined, undefined, undefined],
])('of %j is read what is there', (value, text, number, id) => {
  expect([readText(value, 'a'), readNumber(value, 'a'), readId(value, 'a')]).toEqual([text, number, id]);
});
