import { parseTime } from '../../wire/time.ts';
import { type MappedEvent, type Mapping, mapEvent, toMoney } from './calls.ts';
import { isFirstPayment, type PaidOrder } from './firstPayment.ts';
import { readMetadata } from './metadata.ts';
import { read } from './read.ts';

/**
 * An event of Paddle Billing whose signature you have verified: the request's body as JSON, or what
 * `paddle.webhooks.unmarshal` returns. Both spellings of names are read, here and in the options: `custom_data` of the
 * API, `customData` of Paddle's library.
 */
export type PaddleEvent = object;

export interface PaddleOptions {
  /** What you sell, as your pages name it. The custom data's `onramp_service_name` wins. */
  serviceName: string;
  /**
   * For transactions of a subscription: its completed ones, as Paddle's API lists them. They tell whether this is the
   * first that cost something, and so the purchase: after a trial, nothing in the event itself does. Without them,
   * what a subscription charges by itself is a renewal.
   */
  completedTransactions?: readonly object[] | undefined;
  /** For adjustments, which name neither your customer nor the total so far. */
  payment?: PaddlePayment | undefined;
}

/**
 * A transaction as it stands now, as Paddle's API answers. Read it after the event has come, never from a cache, and
 * events may come twice and in any order.
 */
export interface PaddlePayment {
  transaction: object;
  /** All adjustments of the transaction. */
  adjustments: readonly object[];
}

/**
 * What an event of Paddle Billing says to the marketplace. Pure: the same event and options always give the same call,
 * and all events of an account, twice and in any order, make one signup, one purchase, its renewals and what is
 * left of them after refunds.
 * @throws TypeError for what isn't an event, such as the request's body as text, and without a service name
 */
export function fromPaddle(event: PaddleEvent, options: PaddleOptions): MappedEvent {
  const type = textOf(event, 'event_type');
  const occurredAt = timeOf(event, 'occurred_at');
  if (type === undefined || occurredAt === undefined) {
    throw new TypeError('fromPaddle: event has to be the JSON of a webhook, or what unmarshal returned.');
  }
  if (typeof options?.serviceName !== 'string' || options.serviceName.trim() === '') {
    throw new TypeError('fromPaddle: serviceName has to be what you sell, as your pages name it.');
  }
  const mappers: ReadonlyMap<string, (data: unknown) => Mapping> = new Map([
    ['transaction.completed', (data) => mapTransaction(data, occurredAt, options)],
    ['subscription.created', (data) => mapSubscription(data, occurredAt, options)],
    ['adjustment.created', (data) => mapAdjustment(data, occurredAt, options)],
    ['adjustment.updated', (data) => mapAdjustment(data, occurredAt, options)],
  ]);
  return mapEvent(type, () => mappers.get(type)?.(read(event, 'data')) ?? 'says nothing of an order');
}

/**
 * Of a transaction or a subscription. Custom data goes from a checkout to its transaction, from there to the
 * subscription, and from that to all of its transactions: https://developer.paddle.com/build/transactions/custom-data
 */
function identify(entity: unknown, { serviceName }: PaddleOptions) {
  const context = readMetadata(field(entity, 'custom_data'));
  const customerId = context.customerId ?? textOf(entity, 'customer_id') ?? textOf(entity, 'id') ?? '';
  const party = { serviceName: context.serviceName ?? serviceName, customerId };
  return { party, referral: context.referral && { referral: context.referral } };
}

/** https://developer.paddle.com/webhooks/transactions/transaction-completed */
function mapTransaction(transaction: unknown, occurredAt: number, options: PaddleOptions): Mapping {
  const order = toPaidOrder(transaction, occurredAt);
  if (!order.id) return 'a transaction without id';
  const { party, referral } = identify(transaction, options);
  const fields = { ...party, purchasedAt: order.paidAt, ...referral };
  // The buyer's own checkout, or a transaction that you made; all others are the subscription's own.
  const isBeginning = ['web', 'api'].includes(textOf(transaction, 'origin') ?? '');
  if (order.isFree) {
    // A trial begins with a checkout over nothing; so does a change of the payment method.
    return isBeginning ? { call: 'trackSignup', fields } : 'nothing was paid';
  }
  const money = toMoney(grandTotalOf(transaction), textOf(transaction, 'currency_code'), 'paddle');
  const paidOrders = options.completedTransactions?.map((completed) => toPaidOrder(completed));
  const isPurchase = isBeginning || (paidOrders !== undefined && isFirstPayment(order, paidOrders));
  const call = isPurchase ? 'trackPurchase' : 'trackRenewal';
  return { call, fields: { ...fields, orderId: order.id, ...money } };
}

/** https://developer.paddle.com/webhooks/subscriptions/subscription-created */
function mapSubscription(subscription: unknown, occurredAt: number, options: PaddleOptions): Mapping {
  if (textOf(subscription, 'status') !== 'trialing') return 'no trial, its transaction will tell';
  const { party, referral } = identify(subscription, options);
  const startedAt = timeOf(subscription, 'started_at') ?? occurredAt;
  return { call: 'trackSignup', fields: { ...party, purchasedAt: startedAt, ...referral } };
}

/**
 * An adjustment is one step; the marketplace wants the total so far.
 * https://developer.paddle.com/webhooks/adjustments/adjustment-created
 */
function mapAdjustment(adjustment: unknown, occurredAt: number, options: PaddleOptions): Mapping {
  const action = textOf(adjustment, 'action') ?? '';
  // A credit stays with Paddle for the next bill, and a warning takes nothing yet.
  if (!movesMoney.has(action)) return `of ${action || 'no action'}, nothing is given back`;
  const status = textOf(adjustment, 'status') ?? '';
  if (!['approved', 'reversed'].includes(status)) return `the ${action} is ${status || 'without status'}`;
  const { payment } = options;
  if (!payment) return "the event doesn't tell the whole payment, give it as options.payment";
  const { transaction, adjustments } = payment;
  const orderId = textOf(transaction, 'id');
  if (!orderId || orderId !== textOf(adjustment, 'transaction_id')) return 'the payment given is another one';
  const { party } = identify(transaction, options);
  const money = toMoney(totalOf(adjustments), textOf(transaction, 'currency_code'), 'paddle');
  return { call: 'trackRefund', fields: { ...party, purchasedAt: occurredAt, orderId, ...money } };
}

const movesMoney: ReadonlySet<string> = new Set(['refund', 'chargeback', 'chargeback_reverse']);

/**
 * Given back in all, in minor units. Where a chargeback was won, it may be marked as reversed, a reversal may stand
 * beside it, or both: it counts as won once.
 */
function totalOf(adjustments: readonly object[]): bigint {
  const sumOf = (action: string) =>
    adjustments
      .filter((one) => textOf(one, 'action') === action && textOf(one, 'status') === 'approved')
      .reduce((sum, one) => sum + (minorUnitsOf(one, 'totals', 'total') ?? 0n), 0n);
  const charged = sumOf('chargeback') - sumOf('chargeback_reverse');
  return sumOf('refund') + (charged > 0n ? charged : 0n);
}

/** By the payment attempt that succeeded, in epoch milliseconds. */
function toPaidOrder(transaction: unknown, otherwise = Number.POSITIVE_INFINITY): PaidOrder {
  const payments = field(transaction, 'payments');
  const captured = Array.isArray(payments)
    ? payments.find((payment: unknown) => textOf(payment, 'status') === 'captured')
    : undefined;
  return {
    id: textOf(transaction, 'id') ?? '',
    paidAt: timeOf(captured, 'captured_at') ?? timeOf(transaction, 'billed_at') ?? otherwise,
    isFree: grandTotalOf(transaction) === 0n,
  };
}

/** What was due after discounts, taxes and credits, in minor units. */
function grandTotalOf(transaction: unknown): bigint | undefined {
  return minorUnitsOf(transaction, 'details', 'totals', 'grand_total');
}

/** By the API's name, else by the one of Paddle's library. */
function field(value: unknown, ...path: readonly string[]): unknown {
  const inLibrary = path.map((name) => name.replace(/_[a-z]/g, ([, letter = '']) => letter.toUpperCase()));
  return read(value, ...path) ?? read(value, ...inLibrary);
}

function textOf(value: unknown, ...path: readonly string[]): string | undefined {
  const found = field(value, ...path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** Paddle's amounts are whole minor units as text: https://developer.paddle.com/api-reference/about/data-types */
function minorUnitsOf(value: unknown, ...path: readonly string[]): bigint | undefined {
  const text = textOf(value, ...path);
  return text !== undefined && /^\d+$/.test(text) ? BigInt(text) : undefined;
}

/** Epoch milliseconds, from RFC 3339 with up to nine digits of a second. */
function timeOf(value: unknown, name: string): number | undefined {
  const text = textOf(value, name);
  return text === undefined ? undefined : parseTime(text);
}
