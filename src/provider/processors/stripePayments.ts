import { type Mapping, toMoney } from './calls.ts';
import { fromClientReferenceId } from './clientReferenceId.ts';
import { isFirstPayment, type PaidOrder } from './firstPayment.ts';
import { readMetadata } from './metadata.ts';
import { read, readId, readNumber, readText } from './read.ts';
import {
  identify,
  orderIdOf,
  readSubscription,
  type StripeEvent,
  type StripeOptions,
} from './stripeEvent.ts';

const nobody = 'names no customer: set the metadata that toMetadata makes';

/** A Checkout session. https://docs.stripe.com/api/checkout/sessions/object */
export function mapSession({ created, data }: StripeEvent, options: StripeOptions): Mapping {
  const session = data.object;
  const mode = readText(session, 'mode');
  if (mode !== 'payment' && mode !== 'subscription') return 'a session in this mode sells nothing';
  if (readText(session, 'payment_status') === 'unpaid') {
    // A bank debit or transfer, which takes days: https://docs.stripe.com/checkout/fulfillment#delayed-notification
    return 'not paid yet, checkout.session.async_payment_succeeded will tell';
  }
  const context = readMetadata(read(session, 'metadata'));
  const orderId = orderIdOf(session);
  const party = identify(options, context, readId(session, 'customer'), orderId);
  if (!party) return nobody;
  const referral = context.referral ?? fromClientReferenceId(readText(session, 'client_reference_id'));
  const fields = { ...party, purchasedAt: created * 1000, ...(referral && { referral }) };

  const total = readNumber(session, 'amount_total');
  // A trial or a coupon of 100 %: some versions call it paid, others no_payment_required.
  if (total === 0 || readText(session, 'payment_status') === 'no_payment_required') {
    return { call: 'trackSignup', fields };
  }
  if (!orderId) return 'a paid session without payment intent or invoice';
  // What a subscription's first invoice took in is said by invoice.paid, to the cent: a balance may have paid a part.
  if (mode === 'subscription') return { call: 'trackPurchase', fields: { ...fields, orderId } };
  const money = toMoney(total, readText(session, 'currency'), 'stripe');
  return { call: 'trackPurchase', fields: { ...fields, orderId, ...money } };
}

/** The beginning of a trial. https://docs.stripe.com/api/subscriptions/object */
export function mapSubscription({ created, data }: StripeEvent, options: StripeOptions): Mapping {
  const subscription = data.object;
  if (readText(subscription, 'status') !== 'trialing') return 'no trial, its invoice will tell';
  const context = readMetadata(read(subscription, 'metadata'));
  const party = identify(options, context, readId(subscription, 'customer'));
  if (!party) return nobody;
  const { referral } = context;
  const startedAt = readNumber(subscription, 'trial_start') ?? created;
  return {
    call: 'trackSignup',
    fields: { ...party, purchasedAt: startedAt * 1000, ...(referral && { referral }) },
  };
}

/** A paid invoice. https://docs.stripe.com/api/invoices/object */
export function mapInvoice({ created, data }: StripeEvent, options: StripeOptions): Mapping {
  const invoice = data.object;
  const subscription = readSubscription(invoice);
  const orderId = readText(invoice, 'id');
  // Of a one-time payment, Checkout may make an invoice as well: its session tells already.
  if (!subscription || !orderId) return "no subscription's invoice";
  // The subscription's, set by subscription_data.metadata: the metadata of a session never gets here.
  const context = readMetadata(subscription.metadata, read(invoice, 'metadata'));
  const party = identify(options, context, readId(invoice, 'customer'));
  if (!party) return nobody;
  const { referral } = context;
  const order = toPaidOrder(invoice, created);
  const fields = { ...party, purchasedAt: order.paidAt * 1000, ...(referral && { referral }) };

  const isBeginning = readText(invoice, 'billing_reason') === 'subscription_create';
  if (order.isFree) {
    // A trial begins with an invoice over nothing: https://docs.stripe.com/billing/subscriptions/trials
    return isBeginning ? { call: 'trackSignup', fields } : 'nothing was paid';
  }
  const money = toMoney(readNumber(invoice, 'amount_paid'), readText(invoice, 'currency'), 'stripe');
  const paidOrders = options.paidInvoices?.map((paid) => toPaidOrder(paid));
  const isPurchase = isBeginning || (paidOrders !== undefined && isFirstPayment(order, paidOrders));
  return { call: isPurchase ? 'trackPurchase' : 'trackRenewal', fields: { ...fields, orderId, ...money } };
}

function toPaidOrder(invoice: object, otherwise = Number.POSITIVE_INFINITY): PaidOrder {
  return {
    id: readText(invoice, 'id') ?? '',
    paidAt: readNumber(invoice, 'status_transitions', 'paid_at') ?? otherwise,
    isFree: readNumber(invoice, 'amount_paid') === 0,
  };
}
