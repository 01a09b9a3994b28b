import type { KnownContext } from './metadata.ts';
import { read, readId, readText } from './read.ts';

/** An event whose signature you have verified: what `stripe.webhooks.constructEvent` returns, of any API version. */
export interface StripeEvent {
  type: string;
  /** Unix seconds. */
  created: number;
  data: { object: object };
}

/**
 * A payment as it stands now, which no event about refunds and disputes tells whole: Stripe's objects as its API
 * answers with them. Read it after the event has come, never from a cache, and events may come twice and in any order.
 */
export interface StripePayment {
  charge: object;
  /** All refunds of the charge. */
  refunds: readonly object[];
  /** All disputes of the charge. */
  disputes: readonly object[];
  /** The invoice that the charge paid, expanded; null where it paid none. */
  invoice: object | null;
}

export interface StripeOptions {
  /** What you sell, as your pages name it. The metadata's `onramp_service_name` wins. */
  serviceName: string;
  /**
   * For invoices: the paid ones of the same subscription, as Stripe's API lists them. They tell whether this is the
   * first that cost something, and so the purchase: after a trial, nothing in the event itself does. Without them,
   * only an invoice that began its subscription is a purchase, every other is a renewal.
   */
  paidInvoices?: readonly object[] | undefined;
  /** For refunds and disputes. */
  payment?: StripePayment | undefined;
}

/**
 * The order's id of a Checkout session, the same for your thank-you page as in all events: a one-time payment's
 * payment intent, which refunds name as well, or a subscription's first invoice. Undefined while nothing was charged.
 */
export function orderIdOf(session: object): string | undefined {
  return readText(session, 'mode') === 'subscription'
    ? readId(session, 'invoice')
    : readId(session, 'payment_intent');
}

/**
 * Whose order it is: your own id of the customer from the metadata, else Stripe's, else the order, for a guest. A
 * client_reference_id isn't taken, since no invoice and no refund has it: two events of an order would disagree.
 */
export function identify(
  { serviceName }: StripeOptions,
  context: KnownContext,
  ...fallbacks: readonly (string | undefined)[]
): { serviceName: string; customerId: string } | undefined {
  const customerId = [context.customerId, ...fallbacks].find((id) => id !== undefined);
  return customerId === undefined
    ? undefined
    : { serviceName: context.serviceName ?? serviceName, customerId };
}

/**
 * What a subscription's invoice says of it. Until 2025-03-31 that stood in the invoice itself:
 * https://docs.stripe.com/changelog/basil/2025-03-31/adds-new-parent-field-to-invoicing-objects
 */
export function readSubscription(invoice: unknown): { id: string; metadata: unknown } | undefined {
  const details = read(invoice, 'parent', 'subscription_details') ?? read(invoice, 'subscription_details');
  const id = readId(details, 'subscription') ?? readId(invoice, 'subscription');
  return id === undefined ? undefined : { id, metadata: read(details, 'metadata') };
}
