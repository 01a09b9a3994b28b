/** What the pixel's `onrampTrack('referral')` resolves to. */
interface Referral {
    id: string;
    source: 'param' | 'referrer';
    /** Epoch milliseconds. */
    landedAt: number;
}
/** What every call says. */
interface SignupFields {
    serviceName: string;
    customerId: string;
    /** When it happened, in epoch milliseconds. */
    purchasedAt: number;
    referral?: Referral;
}
interface PurchaseFields extends SignupFields {
    orderId: string;
    /** In major units; absent where another event of the same order says it. */
    amount?: string;
    currency?: string;
}
interface RenewalFields extends SignupFields {
    orderId: string;
    amount: string;
    currency: string;
}
interface RefundFields {
    serviceName: string;
    customerId: string;
    /** When the total became what it is, in epoch milliseconds. */
    purchasedAt: number;
    /** Of the order that is refunded. */
    orderId: string;
    /** The total refunded of that order so far, in major units. */
    amount: string;
    currency: string;
}
/** A call of the kit's client, by its method's name. */
type OnrampCall = {
    call: 'trackSignup';
    fields: SignupFields;
} | {
    call: 'trackPurchase';
    fields: PurchaseFields;
} | {
    call: 'trackRenewal';
    fields: RenewalFields;
} | {
    call: 'trackRefund';
    fields: RefundFields;
};
/** What an event says to the marketplace. */
interface MappedEvent {
    /** None or one. */
    calls: readonly OnrampCall[];
    /** Why there is none: a sentence for your log. */
    leftOut?: string;
}
/** Of the kit's client, what it takes to send. */
interface Tracker {
    trackSignup(signup: SignupFields): Promise<unknown>;
    trackPurchase(purchase: PurchaseFields): Promise<unknown>;
    trackRenewal(renewal: RenewalFields): Promise<unknown>;
    trackRefund(refund: RefundFields): Promise<unknown>;
}
/** An amount as the kit sends it. @throws OnrampError that says what is wrong with the amount or the currency */
declare function toMoney(amount: number | bigint | undefined, currency: string | undefined, processor: 'stripe' | 'paddle'): {
    amount: string;
    currency: string;
};
/** A call, or why there is none. */
type Mapping = OnrampCall | string;
/** Maps one event; what the kit finds wrong in it, such as a currency that nobody knows, is a reason as well. */
declare function mapEvent(type: string, map: () => Mapping): MappedEvent;
/**
 * Sends what a mapper made of an event. Safe to repeat: the marketplace counts each once, in whatever order they come.
 * Rejects as the client's methods do; where the error is `retryable`, let the processor deliver the event again.
 */
declare function sendCalls(onramp: Tracker, { calls }: MappedEvent): Promise<void>;
/** What a processor keeps for us beside an order, and hands back with each of its events. */
interface OrderContext {
    /** Your own id of the customer, the same that the page says. */
    customerId: string | number;
    /** Where you sell several services by one account of the processor; else the mapper's option is enough. */
    serviceName?: string | undefined;
    /**
     * What `onrampTrack('referral')` gave the page, or its JSON, as a form's hidden field posts it. Comes from a browser:
     * what isn't one is left out.
     */
    referral?: Referral | string | null | undefined;
}
/**
 * The order's context as flat texts: Stripe's metadata takes no others, at most 50 keys of 40 and values of 500
 * characters (https://docs.stripe.com/metadata); Paddle's custom data takes any JSON.
 * @throws TypeError without a customer id, which would make all your customers one
 */
declare function toMetadata({ customerId, serviceName, referral }: OrderContext): Record<string, string>;
interface KnownContext {
    customerId: string | undefined;
    serviceName: string | undefined;
    referral: Referral | undefined;
}
/** What `toMetadata` wrote, from the first of these objects that has it, each by itself. */
declare function readMetadata(...sources: readonly unknown[]): KnownContext;
/** A referral that the marketplace will take, from whatever a browser sent; undefined for anything else. */
declare function readReferral(value: unknown): Referral | undefined;
/** Undefined for what is no JSON. */
declare function parseJson(text: string): unknown;
/**
 * An event of Paddle Billing whose signature you have verified: the request's body as JSON, or what
 * `paddle.webhooks.unmarshal` returns. Both spellings of names are read, here and in the options: `custom_data` of the
 * API, `customData` of Paddle's library.
 */
type PaddleEvent = object;
interface PaddleOptions {
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
interface PaddlePayment {
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
declare function fromPaddle(event: PaddleEvent, options: PaddleOptions): MappedEvent;
export { type MappedEvent, type OnrampCall, type PurchaseFields, type Referral, type RefundFields, type RenewalFields, type SignupFields, sendCalls, type Tracker, };
export { type OrderContext, toMetadata };
export { fromPaddle, type PaddleEvent, type PaddleOptions, type PaddlePayment };
