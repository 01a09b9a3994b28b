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
/**
 * The referral as the `client_reference_id` of a Stripe payment link or pricing table, where no metadata can be set
 * for one buyer. Encoded, since a referral may be the name of a host, with dots. Undefined without a referral, and for
 * one that is too long (more than about 110 letters): set none then.
 */
declare function toClientReferenceId(referral: Referral | null | undefined): string | undefined;
/** What `toClientReferenceId` wrote; undefined for the ids of carts and customers that others put there. */
declare function fromClientReferenceId(value: string | null | undefined): Referral | undefined;
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
 * What an event of Stripe says to the marketplace. Pure: the same event and options always give the same call, and
 * all events of an account, twice and in any order, make one signup, one purchase, its renewals and what is left
 * of them after refunds.
 * @throws TypeError for what isn't an event, such as the request's body, and without a service name
 */
declare function fromStripe(event: StripeEvent, options: StripeOptions): MappedEvent;
/** An event whose signature you have verified: what `stripe.webhooks.constructEvent` returns, of any API version. */
interface StripeEvent {
    type: string;
    /** Unix seconds. */
    created: number;
    data: {
        object: object;
    };
}
/**
 * A payment as it stands now, which no event about refunds and disputes tells whole: Stripe's objects as its API
 * answers with them. Read it after the event has come, never from a cache, and events may come twice and in any order.
 */
interface StripePayment {
    charge: object;
    /** All refunds of the charge. */
    refunds: readonly object[];
    /** All disputes of the charge. */
    disputes: readonly object[];
    /** The invoice that the charge paid, expanded; null where it paid none. */
    invoice: object | null;
}
interface StripeOptions {
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
declare function orderIdOf(session: object): string | undefined;
/**
 * Whose order it is: your own id of the customer from the metadata, else Stripe's, else the order, for a guest. A
 * client_reference_id isn't taken, since no invoice and no refund has it: two events of an order would disagree.
 */
declare function identify({ serviceName }: StripeOptions, context: KnownContext, ...fallbacks: readonly (string | undefined)[]): {
    serviceName: string;
    customerId: string;
} | undefined;
/**
 * What a subscription's invoice says of it. Until 2025-03-31 that stood in the invoice itself:
 * https://docs.stripe.com/changelog/basil/2025-03-31/adds-new-parent-field-to-invoicing-objects
 */
declare function readSubscription(invoice: unknown): {
    id: string;
    metadata: unknown;
} | undefined;
export { type MappedEvent, type OnrampCall, type PurchaseFields, type Referral, type RefundFields, type RenewalFields, type SignupFields, sendCalls, type Tracker, };
export { fromClientReferenceId, toClientReferenceId };
export { type OrderContext, toMetadata };
export { fromStripe };
export type { StripeEvent, StripeOptions, StripePayment };
export { orderIdOf };
