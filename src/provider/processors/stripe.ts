import { type MappedEvent, type Mapping, mapEvent } from './calls.ts';
import { read, readNumber, readText } from './read.ts';
import type { StripeEvent, StripeOptions } from './stripeEvent.ts';
import { mapInvoice, mapSession, mapSubscription } from './stripePayments.ts';
import { mapMoneyBack } from './stripeRefunds.ts';

type StripeMapper = (event: StripeEvent, options: StripeOptions) => Mapping;

/** The events to subscribe to; others may come, and are left out. https://docs.stripe.com/api/events/types */
const mappers: ReadonlyMap<string, StripeMapper> = new Map([
  ['checkout.session.completed', mapSession],
  ['checkout.session.async_payment_succeeded', mapSession],
  ['customer.subscription.created', mapSubscription],
  ['invoice.paid', mapInvoice],
  ['invoice.payment_succeeded', mapInvoice],
  ['charge.refunded', mapMoneyBack],
  ['refund.created', mapMoneyBack],
  ['refund.updated', mapMoneyBack],
  ['refund.failed', mapMoneyBack],
  ['charge.refund.updated', mapMoneyBack],
  ['charge.dispute.closed', mapMoneyBack],
  ['charge.dispute.funds_reinstated', mapMoneyBack],
]);

/**
 * What an event of Stripe says to the marketplace. Pure: the same event and options always give the same call, and
 * all events of an account, twice and in any order, make one signup, one purchase, its renewals and what is left
 * of them after refunds.
 * @throws TypeError for what isn't an event, such as the request's body, and without a service name
 */
export function fromStripe(event: StripeEvent, options: StripeOptions): MappedEvent {
  const type = readText(event, 'type');
  const hasTime = readNumber(event, 'created') !== undefined;
  if (type === undefined || !hasTime || typeof read(event, 'data', 'object') !== 'object') {
    throw new TypeError('fromStripe: event has to be what stripe.webhooks.constructEvent returned.');
  }
  if (typeof options?.serviceName !== 'string' || options.serviceName.trim() === '') {
    throw new TypeError('fromStripe: serviceName has to be what you sell, as your pages name it.');
  }
  return mapEvent(type, () => mappers.get(type)?.(event, options) ?? 'says nothing of an order');
}
