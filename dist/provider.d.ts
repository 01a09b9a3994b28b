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
declare const exceptions: {
    /**
     * https://docs.stripe.com/currencies
     *
     * - "Zero-decimal currencies" names MGA, which has two digits in ISO 4217. All others of that list have none there.
     * - "Special cases": UGX and ISK have none in ISO 4217 and two at Stripe: 5 UGX are 500. The last two are 00, but
     *   for charges in ISK from before 14 April 2023 and their refunds
     *   (https://support.stripe.com/questions/deprecation-of-fractional-isk-charges-and-refunds).
     *   HUF and TWD are without digits in payouts only: charged and refunded they have two, as in ISO 4217.
     * - "Three-decimal currencies" end in 0.
     */
    readonly stripe: {
        readonly digits: {
            readonly MGA: 0;
            readonly UGX: 2;
            readonly ISK: 2;
        };
        readonly inTens: readonly ["BHD", "JOD", "KWD", "OMR", "TND"];
    };
    /** None: https://developer.paddle.com/api-reference/about/data-types, "the lowest denomination for a currency". */
    readonly paddle: {
        readonly digits: {};
        readonly inTens: readonly [];
    };
};
type Processor = keyof typeof exceptions;
interface MinorUnitOptions {
    /** Whose amount it is, since some processors count otherwise than by ISO 4217: Stripe's 500 UGX are 5. */
    processor?: Processor | undefined;
}
/**
 * The decimal text in major units of an amount in minor units, as payment processors have it: 1999 USD are "19.99",
 * 1999 JPY "1999", 1990 KWD "1.990". By the digits that ISO 4217 gives the currency, and the processor's exceptions.
 *
 * @param amount whole and not negative: a number up to 2^53 - 1, a bigint, or digits as text
 * @param currency ISO 4217, any case
 * @throws OnrampError `invalid` that says what is wrong
 */
declare function fromMinorUnits(amount: number | bigint | string, currency: string, { processor }?: MinorUnitOptions): string;
export {};
/** Of a call that is stored, though some of it was left out. */
interface IgnoredContext {
    /** Its name: `trackPurchase`. */
    call: string;
    /** All that was sent, by the names of the wire. */
    sent: Readonly<Record<string, unknown>>;
}
/** Hears which fields the marketplace could not read and has left out. */
type OnIgnored = (fields: readonly string[], context: IgnoredContext) => void;
declare const warnOfIgnored: OnIgnored;
/** Says what an answer names as ignored; a listener that fails spoils no answer. */
declare function tellIgnored(onIgnored: OnIgnored, ignored: unknown, context: IgnoredContext): void;
interface KeepReferralOptions {
    /** As in your tag; so are the next four. */
    partnerKey: string;
    /** Parameters that carry a referral id, comma separated; the first one present counts. Default: `onramp_ref`. */
    referralParam?: string | undefined;
    /** Whether the last referral counts (default), or the first until its window ends. */
    attribution?: 'last' | 'first' | undefined;
    /** How long a referral counts, in days; default 30. */
    windowDays?: number | undefined;
    /** Name it where your pages stand on several hosts: `acme.example`. Default, and `none`: the host alone. */
    cookieDomain?: string | undefined;
    /**
     * Where you ask for consent, whether this visitor gave it. Once it is named, all but true keeps nothing and deletes what
     * was kept.
     */
    consent?: boolean | null | undefined;
    /** Whether a proxy of yours sets X-Forwarded-Proto, by which it is known then that a visitor came by https. */
    trustProxy?: boolean | undefined;
    /** Epoch milliseconds; default: the clock's. */
    now?: number | undefined;
}
/**
 * Keeps a referral past the week after which Safari drops what scripts have stored: in `onramp_<partner key>.kept`, a
 * cookie of the server's own, which no script sees. When the pixel's cookie has gone, it is set again from that one, for
 * the pixel to read. At the landing it is not: the pixel would find the very id that it has come with, and report no visit.
 *
 * Keeps nothing of visitors who send Sec-GPC: 1, and of pages that are only fetched ahead.
 *
 * @returns a Set-Cookie header's value, to be added to the answer; undefined where there is nothing to change
 * @throws TypeError that names every mistake in the options; never for what a visitor sends
 */
declare function keepReferral(request: VisitorRequest, options: KeepReferralOptions): string | undefined;
/** What is used of a Request, or of node:http's IncomingMessage and what Express and Fastify make of it. */
interface VisitorRequest {
    url?: string | undefined;
    headers: Headers | Readonly<Record<string, string | string[] | undefined>>;
    socket?: object | undefined;
}
/** A header's text; empty where it isn't there. */
declare function headerOf({ headers }: VisitorRequest, name: string): string;
/** Whether the visitor came by https, as the connection says or, where a proxy ends it and is trusted, as that says. */
declare function isSecure(request: VisitorRequest, trustProxy: boolean): boolean;
/** Whether a person is shown the answer as a page. Browsers without Sec-Fetch-Dest say what they accept. */
declare function isNavigation(request: VisitorRequest): boolean;
/** Whether the page is only fetched ahead, in case it is wanted. */
declare function isAhead(request: VisitorRequest): boolean;
/** The values of a name in the Cookie header: a cookie that was set for two domains comes twice. */
declare function readCookies(request: VisitorRequest, name: string): string[];
interface ListFilters {
    /** How many an answer holds, 1 to 1,000; default 100. It changes how often is asked, not what is listed. */
    limit?: number | undefined;
    customerId?: string | number | undefined;
    orderId?: string | number | undefined;
    /** When it happened, or was last refused, from then on: a Date, ISO 8601 or epoch milliseconds. */
    from?: Date | string | number | undefined;
    /** And before then. */
    to?: Date | string | number | undefined;
}
/** What to list; each that is given has to fit. */
interface RejectionFilters extends ListFilters {
    /** By its code: `invalid_fields`, `below_minimum_level`. */
    reason?: string | undefined;
}
/** What to list; each that is given has to fit. */
interface PurchaseFilters extends ListFilters {
    /** One event or several; default: all, visits and refunds among them. */
    event?: TrackingEvent | readonly TrackingEvent[] | undefined;
    serviceName?: string | undefined;
    /** Its id. */
    referral?: string | undefined;
    /** By this listing of the marketplace. */
    listing?: string | undefined;
    /** By a link of this campaign. */
    campaign?: string | undefined;
    /** Of this level at least. */
    trust?: Trust | undefined;
    verdict?: Verdict | undefined;
    /** True: tests alone; false: none of them. */
    test?: boolean | undefined;
}
/** See Onramp. */
declare function listPurchases(parts: ClientParts, filters: PurchaseFilters, signal: AbortSignal | undefined): AsyncGenerator<TrackingRow, void, void>;
/** See Onramp. */
declare function listRejections(parts: ClientParts, filters: RejectionFilters, signal: AbortSignal | undefined): AsyncGenerator<Rejection, void, void>;
export {};
/** What the client's methods are made of. */
interface ClientParts extends CheckedOptions {
    environment: Environment;
    send: Send;
}
/** Asks for JSON, with the secret where there is one: in the header alone, never in a body or an address. */
declare function headersOf({ key }: ClientParts): Record<string, string>;
/** @throws TypeError where the client was made without a secret */
declare function needSecret({ key }: ClientParts, call: string): SecretKey;
/** What a client takes from the world around it; tests put their own in its place. */
interface Environment {
    /** Epoch milliseconds. */
    now: () => number;
    /** From 0 to less than 1. */
    random: () => number;
    /** A new id, never the same twice. */
    createId: () => string;
    /** Resolves after that many milliseconds; rejects with the signal's reason as soon as it is aborted. */
    sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
}
declare const realEnvironment: Environment;
interface OnrampOptions {
    /** ONRAMP_BASE_URL: where the marketplace's service stands, for example https://market.example. */
    baseUrl: string | URL;
    /** Names you; public. */
    partnerKey: string;
    /**
     * Proves that you speak: `os_…`. Of a list, as while one replaces another, the first speaks. Null sends as anyone could,
     * and then nothing can be signed, billed or read.
     */
    secret: string | readonly string[] | null;
    /**
     * Hears which fields the marketplace could not read and left out of what it stored. Default: console.warn says what was
     * sent, and what to do.
     */
    onIgnored?: OnIgnored | undefined;
    /** Default: the runtime's own. */
    fetch?: typeof globalThis.fetch | undefined;
    /** For each try, the whole answer included, in milliseconds; default 10,000. */
    timeoutMs?: number | undefined;
    /** How often a failed try is repeated: 0 to 10, default 3. */
    retries?: number | undefined;
}
/** A secret, and what names it in signatures: its second part. */
interface SecretKey {
    secret: string;
    keyId: string;
}
interface CheckedOptions {
    /** Without a slash at its end. */
    baseUrl: string;
    partnerKey: string;
    /** The one that speaks. */
    key: SecretKey | null;
    /** All of them, never to be shown. */
    secrets: readonly string[];
    onIgnored: OnIgnored;
    fetch: typeof globalThis.fetch;
    timeoutMs: number;
    retries: number;
}
/** @throws TypeError that names every mistake, and never shows the secret */
declare function checkOptions(options: OnrampOptions): CheckedOptions;
/** Whether a marketplace may have given it. */
declare function isPartnerKey(value: unknown): boolean;
interface SenderOptions {
    fetch: typeof globalThis.fetch;
    timeoutMs: number;
    retries: number;
    /** Never to be shown, whoever repeats them. */
    secrets: readonly string[];
}
/** A successful answer, and after how many tries. */
interface Sent {
    status: number;
    text: string;
    attempts: number;
}
/**
 * Sends a message until it is answered for good, each try with the message that it is given anew.
 *
 * @returns an answer whose status is one of those
 * @throws OnrampError; the signal's reason when it is aborted
 */
type Send = (createMessage: () => Message, successes: readonly number[], signal: AbortSignal | undefined) => Promise<Sent>;
declare function createSender({ fetch, timeoutMs, retries, secrets }: SenderOptions, { now, random, sleep }: Environment): Send;
/** A request as each try sends it. */
interface Message {
    method: 'POST' | 'GET';
    url: string;
    headers: Record<string, string>;
    /** JSON. */
    body?: string;
}
/** An answer that came whole. */
interface Answer {
    status: number;
    headers: Headers;
    /** Undefined when it is longer than any answer of the service. */
    text: string | undefined;
}
/** No whole answer came in time. */
declare class AttemptTimeout extends Error {
}
/**
 * Sends a message once. The time counts until the last byte of the answer, and holds even for a fetch that heeds
 * no signal.
 *
 * @throws AttemptTimeout; the signal's reason when it is aborted; what fetch throws when the connection fails
 */
declare function attempt(fetch: typeof globalThis.fetch, { method, url, headers, body }: Message, timeoutMs: number, signal: AbortSignal | undefined): Promise<Answer>;
/** How far something can be believed, weakest first: anyone; a browser on one of your origins; your signature; your secret. */
type Trust = Level;
/** An event as the marketplace keeps it, all copies of it together; what no copy said isn't there. */
interface TrackingRow {
    id: string;
    event: TrackingEvent;
    partnerKey: string;
    /** Absent of a visit, as customerId is. */
    serviceName?: string;
    customerId?: string;
    orderId?: string;
    /** When it happened: 2017-03-01T10:00:00.000Z. */
    purchasedAt?: string;
    /** In major units. */
    amount?: string;
    currency?: string;
    /** Of a purchase or renewal: all that was given back; in refundedCurrency where that isn't the row's own. */
    refunded?: string;
    refundedCurrency?: string;
    referral?: string;
    referralSource?: ReferralSource;
    /** Epoch milliseconds. */
    landedAt?: number;
    page?: string;
    /** Of the strongest copy. What each field can be believed, say the levels. */
    trust: Trust;
    levels?: Readonly<Partial<Record<TrackingField, Trust>>>;
    verdict?: Verdict;
    /** Of a referral by a link of the marketplace. */
    listing?: string;
    campaign?: string;
    /** What could not be read and was left out, by its field, as it was sent. */
    ignored?: Readonly<Partial<Record<TrackingField, string>>>;
    /** Copies that nobody proved disagree on the customer of this order. */
    disputed?: boolean;
    /** Made by a test: shown, and never counted. */
    test?: boolean;
    receivedAt: string;
    /** All that the marketplace says of it. */
    [field: string]: unknown;
}
/** A message that was refused, with the fields that were sent. */
interface Rejection {
    id: string;
    /** What it was answered with. */
    status: number;
    /** Names the kind of refusal for programs, such as `wrong_secret`; `detail` is for people. */
    reason: string;
    detail: string;
    errors: readonly FieldError[];
    /** How often alike ones were refused, between firstSeenAt and lastSeenAt. */
    count: number;
    firstSeenAt: string;
    lastSeenAt: string;
    receivedAt: string;
    /** All that the marketplace says of it. */
    [field: string]: unknown;
}
interface CallOptions {
    /** Ends the call, its waits included; it then rejects with the signal's reason. */
    signal?: AbortSignal | undefined;
}
/**
 * A provider's client of the marketplace. Failed tries are repeated on connection errors, timeouts, 408, 429 and 5xx,
 * with waits that grow; a Retry-After of at most a minute is heeded, a longer one ends the call. No call is counted
 * twice however often it is sent. Every method, and each step of a list, rejects with an OnrampError, or with the signal's reason.
 */
interface Onramp {
    /**
     * Reports a purchase with the secret, level `server`: the first payment. Give an `orderId`, or `purchasedAt`: the
     * browser's copy with the same one and yours then count once, in any order. With neither, the time is stamped now, and
     * all such purchases of one customer and service within 24 hours count as one.
     */
    trackPurchase(purchase: Purchase, options?: CallOptions): Promise<TrackingResult>;
    /** trackPurchase under its name of 2017. */
    createSaasTracking(purchase: Purchase, options?: CallOptions): Promise<TrackingResult>;
    /** Reports an account that isn't paid yet, such as a trial: one for each customer and service, for ever. */
    trackSignup(signup: Signup, options?: CallOptions): Promise<TrackingResult>;
    /** Reports a later payment, under an order id of its own. */
    trackRenewal(renewal: Renewal, options?: CallOptions): Promise<TrackingResult>;
    /**
     * Reports money given back: all that was given back of the order so far, as of `purchasedAt`. The latest refund of an
     * order counts, so repeated and shuffled calls end alike.
     */
    trackRefund(refund: Refund, options?: CallOptions): Promise<TrackingResult>;
    /**
     * Signs a purchase for the page, which hands everything that this resolves to over to `onrampTrack` (or writes it
     * into the tag's data attributes) and is then believed: level `signed`. Sends nothing. Valid for 9 days.
     */
    signPurchase(purchase: SignablePurchase): Promise<SignedPurchase>;
    /**
     * Reports a customer's subscription. `count` is the period's total so far, not what was added: the newest report of
     * a period replaces the one before it. So a job that runs twice bills once, and a wrong total is corrected by the
     * next report.
     */
    updateSubscription(update: SubscriptionUpdate, options?: CallOptions): Promise<SubscriptionResult>;
    /** What the marketplace has of you, newest first, read page by page: purchases, and all other events. */
    listPurchases(filters?: PurchaseFilters, options?: CallOptions): AsyncGenerator<TrackingRow, void, void>;
    /** What it refused within 30 days, last refused first. */
    listRejections(filters?: RejectionFilters, options?: CallOptions): AsyncGenerator<Rejection, void, void>;
}
/** @throws TypeError that names every mistake in the options */
declare function createOnramp(options: OnrampOptions): Onramp;
declare function createOnrampIn(environment: Environment, options: OnrampOptions): Onramp;
/** What a signature covers, beside the partner key. What is undefined, null or empty isn't signed. */
interface SignablePurchase {
    serviceName: string;
    customerId: string | number;
    orderId?: string | number | null | undefined;
    /** A Date, ISO 8601 (without an offset: UTC) or epoch milliseconds; left out, the page stamps its time. */
    purchasedAt?: Date | string | number | null | undefined;
    /** In major units: 49.9 or '49.90'. */
    amount?: string | number | null | undefined;
    /** ISO 4217, any case. */
    currency?: string | null | undefined;
}
/** The argument of `onrampTrack`, to be handed over as it is: the signature covers what isn't in it as well. */
interface SignedPurchase {
    serviceName: string;
    customerId: string;
    orderId?: string;
    purchasedAt?: string;
    amount?: string;
    currency?: string;
    /** `kid.ts.mac`, see docs/api.md. */
    sig: string;
}
/**
 * See Onramp.
 *
 * @throws OnrampError `invalid`, that names every wrong field
 * @throws TypeError when the client has no secret
 */
declare function signPurchase(parts: ClientParts, purchase: SignablePurchase): Promise<SignedPurchase>;
/** What is undefined, null or blank isn't sent. */
interface About extends GivenReferral {
    serviceName: string;
    /** Your own id of the customer. */
    customerId: string | number;
    /** When it happened: a Date, ISO 8601 (without an offset: UTC) or epoch milliseconds. Left out: now. */
    purchasedAt?: Date | string | number | null | undefined;
    /** Address of the page; its query and fragment are cut. */
    page?: string | URL | null | undefined;
}
interface Money {
    /** In major units: 49.9 or '49.90'. Where you have cents, fromMinorUnits makes this of them. */
    amount?: string | number | null | undefined;
    /** ISO 4217, any case. */
    currency?: string | null | undefined;
}
interface Order {
    /** The order's id, by which the browser's copy and yours are one. */
    orderId?: string | number | null | undefined;
}
/** An account was created, and nothing paid yet: a trial. One for each customer and service, for ever. */
interface Signup extends About, Order, Money {
}
/** The first payment, or an account where you make no difference. */
interface Purchase extends About, Order, Money {
}
/** A later payment. */
interface Renewal extends About, Money {
    /** The renewal's own id, such as its invoice's. */
    orderId: string | number;
}
/**
 * Money given back. Of an order's refunds the latest by `purchasedAt` counts: say when it happened where a call may come
 * late, or again after another.
 */
interface Refund extends About {
    /** The id of the order that is refunded: a purchase's or a renewal's. */
    orderId: string | number;
    /** All that was given back of this order so far, in major units: of a second refund, both together. */
    amount: string | number;
    currency: string;
}
/** Whatever is reported. */
type Tracking = Signup | Purchase | Renewal | Refund;
interface TrackingResult {
    /** `duplicate`: the marketplace had this before, from you or from the browser. It counts once. */
    status: 'created' | 'duplicate';
    id: string;
    /** Fields that were wrong and left out; see the option `onIgnored`. */
    ignored?: readonly string[];
    /** The row as it stands now, all copies together, by the name of what it counts as. */
    signup?: TrackingRow;
    purchase?: TrackingRow;
    renewal?: TrackingRow;
    refund?: TrackingRow;
}
type ReportedEvent = Exclude<TrackingEvent, 'visit'>;
/**
 * Reports an event, see Onramp.
 *
 * @param call its name, for what is told of it
 * @throws OnrampError; the signal's reason when it is aborted
 * @throws TypeError where the event needs the secret and the client has none
 */
declare function track(parts: ClientParts, { call, event }: {
    call: string;
    event: ReportedEvent;
}, tracking: Tracking, signal: AbortSignal | undefined): Promise<TrackingResult>;
export {};
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
/** What a customer's subscription is at now. */
interface SubscriptionUpdate {
    /** Your own id of the customer: what your provision endpoint answered with. */
    coid: string | number;
    /** The product's id in the marketplace. */
    sku: string;
    /** Whether the customer has terminated; then with `expiredDate`. */
    expired: boolean;
    /** When it ended: a Date, ISO 8601, or a day as YYYY-MM-DD. */
    expiredDate?: Date | string | null | undefined;
    /** The period's total so far, 0 or more, of at most 15 digits before the point and 9 after it. */
    count?: number | null | undefined;
    /** The month that `count` is of, YYYY-MM; default: the current one, in UTC. Say it when you report a past month. */
    period?: string | null | undefined;
    /**
     * Names this report, 1 to 255 printable ASCII characters. Left out, each call has a new random one, the same over
     * its retries. That is enough to bill once, since a total replaces the one before it. It isn't derived from what is
     * reported: a total that was corrected from A to B and back to A would then look like the first A sent again, and
     * B would stand. A key of your own makes calls one report for 7 days: use a new one for each report.
     */
    idempotencyKey?: string | null | undefined;
}
interface SubscriptionResult {
    /** It is stored. */
    status: 'created';
    /** The month that was reported. */
    period: string;
    /** All that the marketplace answered. */
    [field: string]: unknown;
}
/**
 * See Onramp.
 *
 * @throws OnrampError `invalid`, that names every wrong argument
 * @throws TypeError when the client has no secret
 */
declare function updateSubscription(parts: ClientParts, update: SubscriptionUpdate, signal: AbortSignal | undefined): Promise<SubscriptionResult>;
/** What the marketplace can ask a buyer, by the names of the article of 2017. */
declare const accountFields: readonly ['username', 'password', 'company', 'name', 'email', 'address1', 'address2', 'country', 'state', 'zip', 'phone', 'resellerkey'];
type AccountField = (typeof accountFields)[number];
type ValueOf<Field extends AccountField> = Field extends 'password' ? Password : string;
/** The account to be made. Fields that the buyer left empty are not there; those you require always are. */
type Account<Required extends AccountField = never> = {
    [Field in Exclude<AccountField, Required>]?: ValueOf<Field>;
} & {
    [Field in Required]: ValueOf<Field>;
};
/**
 * Reads the account's fields; all else in the message is left out. Null and empty text count as absent.
 *
 * @returns the account, or every field that is missing or wrong
 */
declare function readAccount<Required extends AccountField>(message: JsonObject, required: readonly Required[]): {
    account: Account<Required>;
} | {
    errors: readonly FieldError[];
};
export {};
/** A password that no log, template, JSON or debugger's print shows; only `reveal()` gives it. */
declare class Password {
    #private;
    constructor(text: string);
    /** The password: hash it at once, and keep only the hash. */
    reveal(): string;
    toString(): string;
    toJSON(): string;
}
/** What is kept of an answer: plain JSON, without the password and without anything of the account but a hash. */
interface StoredAnswer {
    coid: Coid;
    /** SHA-256 of the account's fields, by which a key that comes with another account is told. */
    account: string;
}
/** Where answers are kept: on disk, for all processes that serve the endpoint, and as long as an order may wait. */
interface AnswerStore {
    get(key: string): Promise<StoredAnswer | null | undefined> | StoredAnswer | null | undefined;
    /** Resolves when it is on disk. */
    put(key: string, answer: StoredAnswer): Promise<unknown> | unknown;
}
/**
 * The hash of what was ordered. Not of the password: an order that waited over a restart of the marketplace has it
 * entered anew, perhaps another one, and is the same order still. And so nobody can guess a password by it.
 */
declare function hashAccount(account: Account): Promise<string>;
interface ReplayerParts {
    answers: AnswerStore | undefined;
    /** Is told what went wrong without spoiling the answer. */
    onError: (error: unknown) => void;
}
/** Runs the work once for all calls with the key and the same account, and answers all of them alike. */
type Replay = (key: string, account: string, work: () => Promise<Outcome>) => Promise<Outcome>;
declare function createReplayer({ answers, onError }: ReplayerParts): Replay;
/** Your id of the customer, as it is answered to the marketplace. */
type Coid = string | number;
/** What becomes of a call, before it is written as a Response: several callers may wait for one. */
type Outcome = {
    coid: Coid;
} | ProblemOutcome;
interface ProblemOutcome {
    status: number;
    /** Names the kind of problem for programs. */
    code: string;
    title: string;
    detail: string;
    errors?: readonly FieldError[];
}
/** 201 with the coid, or a problem, RFC 9457. */
declare function toResponse(outcome: Outcome): Response;
/** Longest message that is read: twelve fields of some hundred characters. */
declare const maxBodyBytes: number;
interface ProvisionContext {
    /**
     * The webhook-id, which names the order: the same over all its tries, and of no other order. Without an `answers` store you have to find
     * the account by it that an earlier try has made, and return that one's coid.
     */
    idempotencyKey: string;
}
interface ProvisionAccountOptions<Required extends AccountField = never> {
    /** The secret that the marketplace signs with; two while it is being replaced. */
    secret: string | readonly string[];
    /**
     * Makes the account, and resolves to your id of the customer. Throws ProvisionRefused where that will never be;
     * after any other error the marketplace may call again.
     */
    provision(account: Account<Required>, context: ProvisionContext): Promise<Coid | {
        coid: Coid;
    }>;
    /** Fields without which an order is refused. */
    required?: readonly Required[] | undefined;
    /** Keeps answers, so that a try that comes again gets the same coid. See docs/provider.md for what it must do. */
    answers?: AnswerStore | undefined;
    /** How far the marketplace's clock and yours may differ, in seconds; default 300. */
    toleranceSeconds?: number | undefined;
    /** For your log: what made a call end with 500. Default: console.error. It holds no password, unless yours does. */
    onError?: ((error: unknown) => void) | undefined;
}
type RequestHandler = (request: Request) => Promise<Response>;
/**
 * The endpoint that the marketplace calls to have an account made: a function from Request to Response, for every
 * framework that has them; `toNodeListener` is for the others. It never rejects.
 *
 * @param now epoch milliseconds
 * @throws TypeError that names every mistake in the options
 */
declare function createProvisionAccountHandler<const Required extends AccountField = never>(options: ProvisionAccountOptions<Required>, now?: () => number): RequestHandler;
/** What is used of node:http's IncomingMessage, Express's and Fastify's raw request. */
interface NodeRequest {
    method?: string | undefined;
    url?: string | undefined;
    headers: Readonly<Record<string, string | string[] | undefined>>;
    /** Whether anybody has read of it. */
    readableDidRead?: boolean;
    /** What a body parser left. */
    body?: unknown;
    on(event: 'data', listener: (chunk: Uint8Array) => void): unknown;
    on(event: 'end' | 'close', listener: () => void): unknown;
    on(event: 'error', listener: (error: Error) => void): unknown;
}
/** What is used of node:http's ServerResponse. */
interface NodeResponse {
    statusCode: number;
    setHeader(name: string, value: string): unknown;
    end(body: Uint8Array): unknown;
}
/**
 * A handler as node:http and Express call it: `createServer(toNodeListener(handler))`,
 * `app.post(path, toNodeListener(handler))`. Fastify: give it `request.raw` and `reply.raw` after `reply.hijack()`.
 * The body must not have been read or parsed before (express.raw() leaves the bytes, which will do).
 */
declare function toNodeListener(handler: RequestHandler): (request: NodeRequest, response: NodeResponse) => Promise<void>;
/** The statuses whose words reach the buyer; the marketplace takes all others for its own business, or yours. */
declare const statuses: readonly [400, 409, 422];
interface RefusalOptions {
    /** 409, for example, where there is an account; default 400. */
    status?: (typeof statuses)[number] | undefined;
    /** What is wrong with which field, for the buyer to mend it. */
    errors?: Partial<Record<AccountField, string>> | undefined;
}
/**
 * Thrown by `provision` where no account can be made, ever: the marketplace shows the message to the buyer and doesn't
 * call again. For what may work later, throw anything else.
 */
declare class ProvisionRefused extends Error {
    readonly name = "ProvisionRefused";
    readonly status: number;
    readonly errors: Readonly<Partial<Record<AccountField, string>>>;
    /**
     * @param message for the buyer: never with the password, or anything that is not for their eyes
     * @throws RangeError when the status is one that the buyer never hears of
     */
    constructor(message: string, { status, errors }?: RefusalOptions);
}
export {};
type WebhookFailure = 
/** webhook-id, webhook-timestamp or webhook-signature is not there. */
'missing_headers'
/** The id isn't printable ASCII or the timestamp isn't Unix seconds. */
 | 'invalid_headers'
/** Signed longer ago than is tolerated: perhaps somebody sends again what was heard once. */
 | 'too_old'
/** Dated further ahead than is tolerated: one of the two clocks is wrong. */
 | 'too_new'
/** No signature is of this body under one of the secrets. */
 | 'wrong_signature';
/** Why a message isn't believed; `reason` is for programs, the message for people. */
declare class WebhookError extends Error {
    readonly name = "WebhookError";
    readonly reason: WebhookFailure;
    constructor(reason: WebhookFailure, message: string);
}
/**
 * Signs a message: the value of its webhook-signature header, `v1,<base64>`; of a list of secrets, a signature each with
 * blanks between them.
 *
 * @throws TypeError when the id, the timestamp or the secret can't be signed with
 */
declare function signWebhook(parts: {
    /** One, or all that are valid now. */
    secret: string | readonly string[];
    /** The webhook-id header: the same over every retry of one message. */
    id: string;
    /** The webhook-timestamp header, in Unix seconds. */
    timestamp: number;
    body: string | Uint8Array;
}): Promise<string>;
/**
 * Verifies a message that was received: one of its signatures has to be one of the secrets', over the body byte
 * for byte as it came.
 *
 * @throws WebhookError when the message isn't to be believed
 * @throws TypeError when a secret can't be a key, or a time is none
 */
declare function verifyWebhook(parts: {
    /** One, or all that are valid now: two while a secret is being replaced. */
    secret: string | readonly string[];
    headers: Headers;
    body: Uint8Array;
    /** Epoch milliseconds; default: the clock's. */
    now?: number | undefined;
    /** How far the timestamp may lie in the past or the future, in seconds; default 300. */
    toleranceSeconds?: number | undefined;
}): Promise<{
    id: string;
    timestamp: number;
}>;
/**
 * The secret in the form that every Standard Webhooks library takes, `whsec_<base64>`: the very same key.
 */
declare function toWebhookSecret(secret: string): string;
/**
 * Whether a marketplace may have given it: `os_…`, or base64 after `whsec_`. With the partner key for it, which every page
 * shows, anybody could sign.
 */
declare function isWebhookSecret(secret: unknown): secret is string;
export type { TrackingEvent, Verdict };
export { type FieldError, OnrampError, type OnrampFailure, type Problem };
export { fromMinorUnits, type MinorUnitOptions, type Processor };
export type { IgnoredContext, OnIgnored };
export { type KeepReferralOptions, keepReferral };
export type { PurchaseFilters, RejectionFilters };
export { type CallOptions, createOnramp, type Onramp };
export type { OnrampOptions };
export type { Account, AccountField };
export type { AnswerStore, StoredAnswer };
export { createProvisionAccountHandler, type ProvisionAccountOptions, type ProvisionContext, type RequestHandler, };
export { toNodeListener };
export type { Coid };
export { Password };
export { ProvisionRefused, type RefusalOptions };
export type { GivenReferral, Referral };
export type { Rejection, TrackingRow, Trust };
export type { SignablePurchase, SignedPurchase };
export type { Purchase, Refund, Renewal, Signup, TrackingResult };
export type { SubscriptionResult, SubscriptionUpdate };
export type { VisitorRequest };
export { signWebhook, toWebhookSecret, verifyWebhook, WebhookError, type WebhookFailure };
