import type Stripe from 'stripe';

/**
 * Stripe's objects with the fields that its documentation gives them, as far as they matter here or tell what is whose;
 * the compiler holds them against Stripe's own types. https://docs.stripe.com/api
 */
export type Metadata = Record<string, string>;

export const customer = 'cus_QkL1m2N3o4P5q6';
export const subscription = 'sub_1QabcDEfGhIjKlMn';
/** 2026-05-04T12:00:00Z */
export const startSeconds = 1_777_896_000;

interface SessionParts {
  id: string;
  created: number;
  mode: 'payment' | 'subscription';
  total: number;
  currency: string;
  metadata: Metadata;
  paymentStatus?: 'paid' | 'unpaid' | 'no_payment_required';
  paymentIntent?: string | null;
  invoice?: string | null;
  clientReferenceId?: string | null;
}

export function createSession(parts: SessionParts) {
  return {
    id: parts.id,
    object: 'checkout.session',
    amount_subtotal: parts.total,
    amount_total: parts.total,
    client_reference_id: parts.clientReferenceId ?? null,
    created: parts.created,
    currency: parts.currency,
    customer,
    customer_details: null,
    invoice: parts.invoice ?? null,
    livemode: true,
    metadata: parts.metadata,
    mode: parts.mode,
    payment_intent: parts.paymentIntent ?? null,
    payment_status: parts.paymentStatus ?? 'paid',
    status: 'complete',
    subscription: parts.mode === 'subscription' ? subscription : null,
  } satisfies Partial<Stripe.Checkout.Session>;
}

export type Session = ReturnType<typeof createSession>;

export function createSubscription(created: number, metadata: Metadata, trialDays: number) {
  const isTrial = trialDays > 0;
  return {
    id: subscription,
    object: 'subscription',
    created,
    currency: 'eur',
    customer,
    livemode: true,
    metadata,
    start_date: created,
    status: isTrial ? 'trialing' : 'active',
    trial_end: isTrial ? created + trialDays * 86_400 : null,
    trial_start: isTrial ? created : null,
  } satisfies Partial<Stripe.Subscription>;
}

interface InvoiceParts {
  id: string;
  created: number;
  paid: number;
  currency: string;
  reason: 'subscription_create' | 'subscription_cycle' | 'subscription_update';
  metadata: Metadata;
}

export function createInvoice({ id, created, paid, currency, reason, metadata }: InvoiceParts) {
  return {
    id,
    object: 'invoice',
    amount_due: paid,
    amount_paid: paid,
    amount_remaining: 0,
    attempted: true,
    billing_reason: reason,
    created,
    currency,
    customer,
    livemode: true,
    metadata: {},
    parent: {
      type: 'subscription_details',
      quote_details: null,
      subscription_details: { metadata, subscription },
    },
    status: 'paid',
    status_transitions: {
      finalized_at: created,
      marked_uncollectible_at: null,
      paid_at: created + 2,
      voided_at: null,
    },
    total: paid,
  } satisfies Partial<Stripe.Invoice>;
}

export type Invoice = ReturnType<typeof createInvoice>;

/** The same in API versions before 2025-03-31. */
export function toOldInvoice({ parent, ...invoice }: Invoice): object {
  const { metadata } = parent.subscription_details;
  return { ...invoice, subscription, subscription_details: { metadata } };
}

interface ChargeParts {
  id: string;
  created: number;
  amount: number;
  currency: string;
  metadata: Metadata;
  paymentIntent: string;
}

export function createCharge({ id, created, amount, currency, metadata, paymentIntent }: ChargeParts) {
  return {
    id,
    object: 'charge',
    amount,
    amount_captured: amount,
    amount_refunded: 0,
    captured: true,
    created,
    currency,
    customer,
    disputed: false,
    livemode: true,
    metadata,
    paid: true,
    payment_intent: paymentIntent,
    refunded: false,
    status: 'succeeded',
  } satisfies Partial<Stripe.Charge>;
}

export function createRefund(id: string, created: number, charge: Charge, amount: number) {
  return {
    id,
    object: 'refund',
    amount,
    charge: charge.id,
    created,
    currency: charge.currency,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: 'requested_by_customer',
    status: 'succeeded',
  } satisfies Partial<Stripe.Refund>;
}

export function createDispute(id: string, created: number, charge: Charge, amount: number) {
  return {
    id,
    object: 'dispute',
    amount,
    balance_transactions: [],
    charge: charge.id,
    created,
    currency: charge.currency,
    is_charge_refundable: false,
    livemode: true,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: 'fraudulent',
    status: 'needs_response',
  } satisfies Partial<Stripe.Dispute>;
}

/** What becomes of an object later isn't in the type of its beginning. */
type Changing<Thing> = {
  [Key in keyof Thing]: Thing[Key] extends string
    ? string
    : Thing[Key] extends boolean
      ? boolean
      : Thing[Key];
};
export type Charge = Changing<ReturnType<typeof createCharge>>;
export type Refund = Changing<ReturnType<typeof createRefund>>;
export type Dispute = Changing<ReturnType<typeof createDispute>>;
