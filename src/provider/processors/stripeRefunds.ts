import { type Mapping, toMoney } from './calls.ts';
import { readMetadata } from './metadata.ts';
import { read, readId, readNumber, readText } from './read.ts';
import {
  identify,
  readSubscription,
  type StripeEvent,
  type StripeOptions,
  type StripePayment,
} from './stripeEvent.ts';

/**
 * Refunds and lost disputes, as the order's total so far at the time of the event: a refund that failed and a dispute
 * that was won after all lower it.
 */
export function mapMoneyBack({ type, created, data }: StripeEvent, options: StripeOptions): Mapping {
  // Won, or an inquiry that ended: nothing was given back. While a dispute is open, nobody knows.
  if (type === 'charge.dispute.closed' && readText(data.object, 'status') !== 'lost') {
    return "the dispute wasn't lost";
  }
  const payment = options.payment ?? readWholePayment(data.object);
  if (!payment) return "the event doesn't tell the whole payment, give it as options.payment";
  const { charge, invoice } = payment;

  // Checkout may make an invoice of a one-time payment as well; the order is then still the payment.
  const subscription = readSubscription(invoice);
  const orderId = subscription ? readText(invoice, 'id') : readId(charge, 'payment_intent');
  const context = subscription
    ? readMetadata(subscription.metadata, read(invoice, 'metadata'))
    : readMetadata(read(charge, 'metadata'));
  const party = identify(options, context, readId(charge, 'customer'), orderId);
  if (!orderId || !party) return 'a charge without payment intent';
  const money = toMoney(totalOf(payment), readText(charge, 'currency'), 'stripe');
  return { call: 'trackRefund', fields: { ...party, purchasedAt: created * 1000, orderId, ...money } };
}

/**
 * The payment, where a charge tells it whole: undisputed, and surely no invoice's. That it isn't is said by the
 * charge's `invoice` until 2025-03-31, since when charges name none
 * (https://docs.stripe.com/changelog/basil/2025-03-31/add-support-for-multiple-partial-payments-on-invoices), or by our
 * metadata, which only payment_intent_data of a one-time Checkout can have put there.
 */
function readWholePayment(object: object): StripePayment | undefined {
  const isCharge = readText(object, 'object') === 'charge';
  const isOneTime = read(object, 'invoice') === null || readMetadata(read(object, 'metadata')).customerId;
  if (!isCharge || !isOneTime || read(object, 'disputed') === true) return undefined;
  const refunded = readNumber(object, 'amount_refunded');
  if (refunded === undefined) return undefined;
  return { charge: object, refunds: [{ amount: refunded }], disputes: [], invoice: null };
}

/** In minor units; never more than the charge, which a dispute in a currency that moved may exceed. */
function totalOf({ charge, refunds, disputes }: StripePayment): number {
  const currency = readText(charge, 'currency');
  const givenBack = refunds.filter(
    (refund) => !['failed', 'canceled'].includes(readText(refund, 'status') ?? ''),
  );
  const lost = disputes.filter((dispute) => readText(dispute, 'status') === 'lost');
  const total = [...givenBack, ...lost].reduce((sum, part) => {
    const isSameCurrency = (readText(part, 'currency') ?? currency) === currency;
    return sum + (isSameCurrency ? (readNumber(part, 'amount') ?? 0) : Number.POSITIVE_INFINITY);
  }, 0);
  return Math.min(total, readNumber(charge, 'amount') ?? 0);
}
