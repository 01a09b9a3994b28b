import { describe, expect, test } from 'vitest';
import {
  fromClientReferenceId,
  fromStripe,
  orderIdOf,
  type StripeEvent,
  toClientReferenceId,
  toMetadata,
} from '../../../src/provider/stripe.ts';
import { readGuideEvents } from './support/guideEvents.ts';
import { createStripeAccount } from './support/stripeAccount.ts';
import {
  createCharge,
  createInvoice,
  createSession,
  customer,
  startSeconds,
  toOldInvoice,
} from './support/stripeObjects.ts';

const referral = { id: 'Zk3vQmX0aB1cD2eF3gH4iJ', source: 'param', landedAt: 1_777_800_000_000 } as const;
const metadata = toMetadata({ customerId: 42, referral });
const options = { serviceName: 'Acme CRM' };
const party = { serviceName: 'Acme CRM', customerId: '42' };
const session = {
  id: 'cs_1',
  created: startSeconds,
  mode: 'payment',
  total: 4990,
  currency: 'eur',
  metadata,
} as const;
const invoiceParts = { id: 'in_1', created: startSeconds, paid: 4990, currency: 'eur', metadata } as const;
const chargeParts = {
  id: 'ch_1',
  created: startSeconds,
  amount: 4990,
  currency: 'eur',
  paymentIntent: 'pi_1',
};

function event(type: string, object: object): StripeEvent {
  return { type, created: startSeconds + 60, data: { object } };
}

describe('a Checkout session', () => {
  const completed = (changes: object, from: object = createSession({ ...session, paymentIntent: 'pi_1' })) =>
    fromStripe(event('checkout.session.completed', { ...from, ...changes }), options);

  test('that is paid is a purchase, by its payment intent, which refunds name too', () => {
    expect(completed({})).toEqual({
      calls: [
        {
          call: 'trackPurchase',
          fields: {
            ...party,
            purchasedAt: (startSeconds + 60) * 1000,
            referral,
            orderId: 'pi_1',
            amount: '49.90',
            currency: 'EUR',
          },
        },
      ],
    });
    expect(orderIdOf(createSession({ ...session, paymentIntent: 'pi_1' }))).toBe('pi_1');
  });

  test('that is not paid yet is told by its later event', () => {
    expect(completed({ payment_status: 'unpaid' })).toEqual({
      calls: [],
      leftOut:
        'checkout.session.completed: not paid yet, checkout.session.async_payment_succeeded will tell.',
    });
    const paid = event(
      'checkout.session.async_payment_succeeded',
      createSession({ ...session, paymentIntent: 'pi_1' }),
    );
    expect(fromStripe(paid, options)).toMatchObject({
      calls: [{ call: 'trackPurchase', fields: { orderId: 'pi_1' } }],
    });
  });

  test.each([
    ['a trial', { payment_status: 'no_payment_required', amount_total: 0 }],
    ['a trial, as older versions have it', { payment_status: 'paid', amount_total: 0 }],
  ])('over nothing is a signup: %s', (_name, changes) => {
    const trial = createSession({ ...session, mode: 'subscription', invoice: 'in_1' });
    const signup = { ...party, purchasedAt: (startSeconds + 60) * 1000, referral };
    expect(completed(changes, trial)).toEqual({ calls: [{ call: 'trackSignup', fields: signup }] });
  });

  test('of a subscription is the purchase of its first invoice, which tells the amount', () => {
    const subscribed = createSession({ ...session, mode: 'subscription', invoice: 'in_1' });
    const { calls } = completed({}, subscribed);
    expect(calls).toMatchObject([{ call: 'trackPurchase', fields: { orderId: 'in_1', referral } }]);
    expect(calls[0]?.fields).not.toHaveProperty('amount');
    expect(orderIdOf(subscribed)).toBe('in_1');
  });

  test('of a payment link has the referral in its client_reference_id', () => {
    const changes = { metadata: {}, client_reference_id: toClientReferenceId(referral) };
    expect(completed(changes)).toMatchObject({ calls: [{ fields: { customerId: customer, referral } }] });
    for (const client_reference_id of ['cart_42', 'onramp_', 'onramp_W10', 'onramp_é']) {
      const [call] = completed({ metadata: {}, client_reference_id }).calls;
      expect(call?.fields).not.toHaveProperty('referral');
    }
  });

  test("of a guest is the payment's, as its refund will be", () => {
    expect(completed({ metadata: {}, customer: null })).toMatchObject({
      calls: [{ fields: { customerId: 'pi_1' } }],
    });
  });

  test('that only sets up a payment method is left out', () => {
    expect(completed({ mode: 'setup' }).leftOut).toContain('sells nothing');
  });
});

describe('an invoice', () => {
  const paid = (object: object, more = {}) =>
    fromStripe(event('invoice.paid', object), { ...options, ...more });
  const first = createInvoice({ ...invoiceParts, reason: 'subscription_create' });

  test('that begins a subscription is the purchase, in old API versions too', () => {
    const purchase = {
      ...party,
      purchasedAt: (startSeconds + 2) * 1000,
      referral,
      orderId: 'in_1',
      amount: '49.90',
      currency: 'EUR',
    };
    expect(paid(first)).toEqual({ calls: [{ call: 'trackPurchase', fields: purchase }] });
    expect(paid(toOldInvoice(first))).toEqual(paid(first));
  });

  test('over nothing is the signup when it begins a subscription, and else nothing', () => {
    expect(paid({ ...first, amount_paid: 0 })).toMatchObject({ calls: [{ call: 'trackSignup' }] });
    const free = createInvoice({ ...invoiceParts, paid: 0, reason: 'subscription_cycle' });
    expect(paid(free)).toEqual({ calls: [], leftOut: 'invoice.paid: nothing was paid.' });
  });

  test('of a later period is a renewal, but the first that costs something is the purchase', () => {
    const cycle = createInvoice({
      ...invoiceParts,
      id: 'in_2',
      created: startSeconds + 100,
      reason: 'subscription_cycle',
    });
    const later = createInvoice({
      ...invoiceParts,
      id: 'in_3',
      created: startSeconds + 200,
      reason: 'subscription_cycle',
    });
    const callOf = (object: object, paidInvoices?: object[]) => paid(object, { paidInvoices }).calls[0]?.call;
    expect(callOf(cycle)).toBe('trackRenewal');
    expect(callOf(cycle, [first, cycle])).toBe('trackRenewal');
    const trial = { ...first, amount_paid: 0 };
    expect(callOf(cycle, [later, cycle, trial])).toBe('trackPurchase');
    expect(callOf(later, [later, cycle, trial])).toBe('trackRenewal');
  });

  test('that was issued first and paid last is a renewal: what was said of the other one stays', () => {
    const late = createInvoice({ ...invoiceParts, id: 'in_1', reason: 'subscription_cycle' });
    late.status_transitions.paid_at = startSeconds + 5000;
    const other = createInvoice({
      ...invoiceParts,
      id: 'in_2',
      created: startSeconds + 100,
      reason: 'subscription_cycle',
    });
    expect(paid(other, { paidInvoices: [other] })).toMatchObject({ calls: [{ call: 'trackPurchase' }] });
    expect(paid(other, { paidInvoices: [other, late] })).toMatchObject({
      calls: [{ call: 'trackPurchase' }],
    });
    expect(paid(late, { paidInvoices: [other, late] })).toMatchObject({ calls: [{ call: 'trackRenewal' }] });
  });

  test('of no subscription is left out', () => {
    expect(paid({ ...first, parent: null }).leftOut).toBe("invoice.paid: no subscription's invoice.");
  });

  test.each([
    ['jpy', 1999, '1999'],
    ['kwd', 1990, '1.990'],
    ['ugx', 50000, '500.00'],
    ['huf', 199000, '1990.00'],
  ])('in %s has the right amount', (currency, minor, amount) => {
    const invoice = createInvoice({ ...invoiceParts, currency, paid: minor, reason: 'subscription_create' });
    expect(paid(invoice)).toMatchObject({
      calls: [{ fields: { amount, currency: currency.toUpperCase() } }],
    });
  });

  test('in a currency that nobody knows is left out, with the reason', () => {
    const { calls, leftOut } = paid({ ...first, currency: '???' });
    expect(calls).toEqual([]);
    expect(leftOut).toMatch(/^invoice\.paid: currency is "\?\?\?": it must be .*, such as EUR\.$/);
  });
});

describe('a refund', () => {
  const charge = { ...createCharge({ ...chargeParts, metadata }), amount_refunded: 1000 };
  const refunded = (object: object) => fromStripe(event('charge.refunded', object), options);
  const refund = {
    ...party,
    purchasedAt: (startSeconds + 60) * 1000,
    orderId: 'pi_1',
    amount: '10.00',
    currency: 'EUR',
  };

  test('of a one-time payment is told whole by its charge', () => {
    expect(refunded(charge)).toEqual({ calls: [{ call: 'trackRefund', fields: refund }] });
    const oldVersion = { ...charge, metadata: {}, invoice: null };
    expect(refunded(oldVersion)).toMatchObject({
      calls: [{ fields: { customerId: customer, orderId: 'pi_1' } }],
    });
  });

  test.each([
    ["an invoice's charge names neither order nor customer", { metadata: {} }],
    ['it names the invoice in old versions', { metadata: {}, invoice: 'in_1' }],
    ['of a disputed charge, the dispute counts as well', { disputed: true }],
  ])('asks for the whole payment where %s', (_reason, changes) => {
    expect(refunded({ ...charge, ...changes })).toEqual({
      calls: [],
      leftOut: "charge.refunded: the event doesn't tell the whole payment, give it as options.payment.",
    });
  });
});

test('what says nothing of an order is left out', () => {
  expect(fromStripe(event('customer.created', {}), options)).toEqual({
    calls: [],
    leftOut: 'customer.created: says nothing of an order.',
  });
  const { events } = createStripeAccount(metadata);
  expect(events).toEqual([]);
});

test('every event that the guide subscribes to is known', async () => {
  const types = await readGuideEvents('stripe');
  expect(types).toContain('charge.dispute.funds_reinstated');
  for (const type of types) {
    expect(fromStripe(event(type, {}), options).leftOut).not.toContain('says nothing');
  }
});

test('what is no event throws', () => {
  const text: unknown = '{"type":"invoice.paid"}';
  // @ts-expect-error: the body of a request isn't an event
  expect(() => fromStripe(text, options)).toThrow('constructEvent');
  expect(() => fromStripe(event('invoice.paid', {}), { serviceName: ' ' })).toThrow('serviceName');
});

describe('metadata', () => {
  test('has texts alone, and only a referral that is one', () => {
    expect(metadata).toEqual({
      onramp_customer_id: '42',
      onramp_referral: referral.id,
      onramp_referral_source: 'param',
      onramp_landed_at: '1777800000000',
    });
    expect(toMetadata({ customerId: 42, referral: JSON.stringify(referral) })).toEqual(metadata);
    for (const text of ['', 'null', '{', '[1]', 'r1']) {
      expect(toMetadata({ customerId: 42, referral: text })).toEqual({ onramp_customer_id: '42' });
    }
    // @ts-expect-error: whatever a browser posts
    expect(toMetadata({ customerId: 'c-1', referral: { id: '<x>', source: 'me' } })).toEqual({
      onramp_customer_id: 'c-1',
    });
    expect(toMetadata({ customerId: 'c-1', serviceName: 'Acme Mail', referral: null })).toEqual({
      onramp_customer_id: 'c-1',
      onramp_service_name: 'Acme Mail',
    });
  });

  test.each(['', ' ', 'undefined', '{{ user.id }}', 'x'.repeat(201)])(
    'without a customer throws: %j',
    (customerId) => {
      expect(() => toMetadata({ customerId })).toThrow('customerId');
    },
  );

  test("names the service where it isn't the option's", () => {
    const mail = toMetadata({ customerId: 42, serviceName: 'Acme Mail' });
    const object = createInvoice({ ...invoiceParts, metadata: mail, reason: 'subscription_create' });
    expect(fromStripe(event('invoice.paid', object), options)).toMatchObject({
      calls: [{ fields: { serviceName: 'Acme Mail' } }],
    });
  });
});

describe('a client_reference_id', () => {
  test.each([referral.id, 'market.example', 'märkte.example/ä'])(
    'has the letters that Stripe takes: %s',
    (id) => {
      const text = toClientReferenceId({ ...referral, id });
      expect(text).toMatch(/^onramp_[A-Za-z0-9_-]{1,193}$/);
      expect(fromClientReferenceId(text)).toEqual({ ...referral, id });
    },
  );

  test('is none without a referral, or for one that is too long', () => {
    expect(toClientReferenceId(null)).toBeUndefined();
    expect(toClientReferenceId({ ...referral, id: 'x'.repeat(300) })).toBeUndefined();
  });
});
