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
/** How a customer came to you, as `onrampTrack('referral')` says it in the page. */
interface Referral {
    id: string;
    /** A parameter of the landing page's address, or the host of its referrer. */
    source: ReferralSource;
    /** Epoch milliseconds. */
    landedAt: number;
}
interface GivenReferral {
    /**
     * What `onrampTrack('referral')` gave the page: the object or null, also as the JSON that a hidden field carries. Or the
     * id alone, with the other two beside it.
     */
    referral?: Referral | string | null | undefined;
    referralSource?: ReferralSource | null | undefined;
    /** Epoch milliseconds. */
    landedAt?: number | string | null | undefined;
}
/** The fields of the wire; what stands there in a wrong form is an error, since it would be left out without a word. */
declare function readReferral(reader: ArgumentReader, given: JsonObject): JsonObject;
/** The events that a tracking message may report; a message that names none is a purchase. */
declare const events: readonly ['purchase', 'signup', 'visit', 'renewal', 'refund'];
type TrackingEvent = (typeof events)[number];
/** Where a referral was seen: in a query parameter, or as the host of the referrer. */
declare const referralSources: readonly ['param', 'referrer'];
type ReferralSource = (typeof referralSources)[number];
/**
 * How far a copy of a purchase can be believed, weakest first: anyone; a browser that names one of the
 * provider's origins; a signature made with the provider's secret; the secret itself.
 */
declare const levels: readonly ['unsigned', 'origin', 'signed', 'server'];
type Level = (typeof levels)[number];
/**
 * Whether a row came of the marketplace: by its own link for this provider; by its link for another one; by an id that no
 * link of its minted; by the page of a marketplace's host; by one of its links or pages, but too long ago; without any
 * referral, known from the provider's server alone; without any, though a page has reported it.
 */
declare const verdicts: readonly ['listing', 'foreign', 'unknown', 'host', 'expired', 'server', 'none'];
type Verdict = (typeof verdicts)[number];
/** The fields of a tracking message, as JSON, form or query string name them. */
declare const trackingFields: readonly ['partnerKey', 'event', 'serviceName', 'customerId', 'purchasedAt', 'clock', 'orderId', 'amount', 'currency', 'referral', 'referralSource', 'landedAt', 'page', 'sig'];
type TrackingField = (typeof trackingFields)[number];
/** Longest values that are taken, in Unicode code points. */
declare const maxPartnerKeyLength = 128;
declare const maxNameLength = 200;
declare const maxReferralLength = 300;
declare const maxPageLength = 300;
/** Earliest purchase that is taken: 2000-01-01T00:00:00Z, in epoch milliseconds. */
declare const earliestPurchaseMs = 946684800000;
/** A day in milliseconds. */
declare const dayMs = 86400000;
/** How far ahead of the receiver's clock a purchase may lie, in milliseconds: a day. */
declare const latestAheadMs = 86400000;
/** How long after the landing something still comes of it, in milliseconds: 30 days, as in the pixel unless it is told otherwise. */
declare const attributionWindowMs: number;
/** Within this time, purchases without order id or time of their own count as one: 24 hours. */
declare const sameCustomerWindowMs = 86400000;
/** Reads a call's arguments and keeps account of the wrong ones. Undefined, null and blank text count as absent. */
interface ArgumentReader {
    /**
     * Text, or a number as its text, of at most that many code points, without the blanks around it: the marketplace
     * takes it so, and a signature has to cover the same. What a template left unfilled is wrong.
     */
    text(name: string, value: unknown, maxLength: number): string | undefined;
    /** The same, and an error when it is absent. */
    required(name: string, value: unknown, maxLength: number): string;
    /** A Date, an ISO 8601 text or epoch milliseconds, as 2017-03-01T10:00:00.000Z. */
    time(name: string, value: unknown): string | undefined;
    /** The same, but of a text only the service says whether it is one: it takes more forms, and answers which. */
    moment(name: string, value: unknown): void;
    /** An http or https address, as text or URL: origin and path, since a query may hold what is nobody's business. */
    address(name: string, value: unknown): string | undefined;
    /** A decimal of major units, 0 or more, in the form in which it is signed. */
    amount(name: string, value: unknown): string | undefined;
    /** An ISO 4217 code, in capitals. */
    currency(name: string, value: unknown): string | undefined;
    /** An error when it is absent. */
    present(name: string, value: unknown): void;
    fail(name: string, code: string, detail: string): void;
    /** @throws OnrampError `invalid` when there was an error */
    check(): void;
}
declare function createArgumentReader(): ArgumentReader;
/** @throws OnrampError `invalid` for what is no object, as plain JavaScript may hand it over */
declare function needObject(call: string, given: unknown): asserts given is JsonObject;
/** The same for options, which are a program's and no call's. @throws TypeError */
declare function needOptions(name: string, options: unknown): void;
/** Whether a call says nothing there: undefined, null, or a text of blanks. */
declare function isAbsent(value: unknown): boolean;
/** Text and numbers as they are; of anything else only what it is, since it may hold anything. */
declare function kindOf(value: unknown): string;
type JsonObject = Readonly<Record<string, unknown>>;
/** Undefined for what is no JSON. */
declare function parseJson(text: string): unknown;
/** The JSON object that a text is; undefined for anything else. */
declare function parseObject(text: string): JsonObject | undefined;
declare function isObject(value: unknown): value is JsonObject;
/** An error answer as a problem, RFC 9457; undefined when it is no JSON object. Nothing in it is trusted to be there. */
declare function readProblem(text: string): Problem | undefined;
/** One wrong field, as the service names it. */
interface FieldError {
    /** JSON Pointer: `/customerId`. */
    pointer: string;
    code: string;
    detail: string;
}
/** What an error answer says, RFC 9457; a member that isn't there, or isn't text, is undefined. */
interface Problem {
    type?: string | undefined;
    title?: string | undefined;
    status?: number | undefined;
    detail?: string | undefined;
    errors?: readonly FieldError[] | undefined;
    requestId?: string | undefined;
}
type OnrampFailure = 
/** What was given to the call is wrong; nothing was sent. */
'invalid'
/** The marketplace refused it (40x), or could not do it (50x): see `status` and `problem`. */
 | 'refused'
/** No answer came: no name, no connection, or one that broke. `cause` has the error of fetch. */
 | 'connection'
/** No whole answer came in time. */
 | 'timeout'
/** Something answered that isn't the marketplace's service: a redirect, a page, an endless body. */
 | 'unexpected_answer';
interface OnrampErrorParts {
    attempts: number;
    retryable: boolean;
    status?: number | undefined;
    problem?: Problem | undefined;
    errors?: readonly FieldError[] | undefined;
    retryAfterMs?: number | undefined;
    body?: string | undefined;
    cause?: unknown;
}
/** Why a call failed. Nothing in it holds the secret, so it may be logged as it is. */
declare class OnrampError extends Error {
    readonly name = "OnrampError";
    readonly reason: OnrampFailure;
    /** How often it was sent: 0 where the call itself was wrong. */
    readonly attempts: number;
    /** Whether the very same call may succeed later. Repeating it is always safe. */
    readonly retryable: boolean;
    /** Of the last answer; undefined where none came. */
    readonly status: number | undefined;
    readonly problem: Problem | undefined;
    /** Every wrong field. */
    readonly errors: readonly FieldError[];
    /** Finds the request in the marketplace's log: quote it when you ask. */
    readonly requestId: string | undefined;
    /** How long the marketplace wants to be left alone, in milliseconds, where it said so. */
    readonly retryAfterMs: number | undefined;
    /** The beginning of an answer that is no problem document. */
    readonly body: string | undefined;
    constructor(reason: OnrampFailure, message: string, parts: OnrampErrorParts);
}
/** For a call whose arguments are wrong; names each of them. */
declare function invalidCall(errors: readonly FieldError[]): OnrampError;
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
declare function checkReferral(value: unknown): Referral | undefined;
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
export { type MappedEvent, type OnrampCall, type PurchaseFields, type RefundFields, type RenewalFields, type SignupFields, sendCalls, type Tracker, };
export { type OrderContext, toMetadata };
export { fromPaddle, type PaddleEvent, type PaddleOptions, type PaddlePayment };
export type { Referral };
