import type { KnownContext } from './metadata.ts';
import { read, readId, readText } from './read.ts';
import type { StripeOptions } from './stripeEvent.ts';

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
