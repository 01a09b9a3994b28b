/** A purchase. What is undefined, null or empty isn't sent. */
interface SaasTracking {
    serviceName: string;
    /** Your own id of the customer. */
    customerId: string | number;
    /** A Date, ISO 8601 (without an offset: UTC) or epoch milliseconds. */
    purchasedAt?: Date | string | number | null | undefined;
    orderId?: string | number | null | undefined;
    /** In major units: 49.9 or '49.90'. */
    amount?: string | number | null | undefined;
    /** ISO 4217, any case. */
    currency?: string | null | undefined;
    /** What `onrampTrack('referral')` gave the page, as id, source and landedAt. */
    referral?: string | null | undefined;
    referralSource?: 'param' | 'referrer' | null | undefined;
    /** Epoch milliseconds. */
    landedAt?: number | string | null | undefined;
    /** Address of the page; its query and fragment are cut. */
    page?: string | null | undefined;
}
interface SaasTrackingResult {
    /** `duplicate`: the marketplace had this purchase before, from you or from the browser. It counts once. */
    status: 'created' | 'duplicate';
    id: string;
    /** Fields that were wrong and left out, such as an unknown currency. */
    ignored?: readonly string[];
    /** The row as it stands now, all copies together. */
    purchase?: SaasTrackingRow;
}
/** A purchase as the marketplace keeps it; a field that no copy said isn't there. */
interface SaasTrackingRow {
    id: string;
    partnerKey: string;
    serviceName: string;
    customerId: string;
    orderId?: string;
    purchasedAt: string;
    amount?: string;
    currency?: string;
    referral?: string;
    trust: 'unsigned' | 'origin' | 'signed' | 'server';
    receivedAt: string;
    [field: string]: unknown;
}
/** See Onramp. Only what tells it from others is checked here: the marketplace judges, and says what it makes of it. */
declare function createSaasTracking(parts: ClientParts, purchase: SaasTracking, signal: AbortSignal | undefined): Promise<SaasTrackingResult>;
/** What the client's methods are made of. */
interface ClientParts extends CheckedOptions {
    environment: Environment;
    send: Send;
}
/** JSON, with the secret where there is one: in the header alone, never in a body. */
declare function headersOf({ secret }: ClientParts): Record<string, string>;
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
    /** Proves that you speak: `os_…`. Null sends as anyone could, and then nothing can be signed or billed. */
    secret: string | null;
    /** Default: the runtime's own. */
    fetch?: typeof globalThis.fetch | undefined;
    /** For each try, the whole answer included, in milliseconds; default 10,000. */
    timeoutMs?: number | undefined;
    /** How often a failed try is repeated: 0 to 10, default 3. */
    retries?: number | undefined;
}
interface CheckedOptions {
    /** Without a slash at its end. */
    baseUrl: string;
    partnerKey: string;
    secret: string | null;
    /** Names the secret in signatures: its second part. */
    keyId: string | null;
    fetch: typeof globalThis.fetch;
    timeoutMs: number;
    retries: number;
}
/** @throws TypeError that names every mistake, and never shows the secret */
declare function checkOptions(options: OnrampOptions): CheckedOptions;
interface SenderOptions {
    fetch: typeof globalThis.fetch;
    timeoutMs: number;
    retries: number;
    /** Never to be shown, whoever repeats it. */
    secret: string | null;
}
/** A successful answer, and after how many tries. */
interface Sent {
    status: number;
    text: string;
    attempts: number;
}
/**
 * Posts a message until it is answered for good, each try with the message that it is given anew.
 *
 * @returns an answer whose status is one of those
 * @throws OnrampError; the signal's reason when it is aborted
 */
type Send = (createMessage: () => Message, successes: readonly number[], signal: AbortSignal | undefined) => Promise<Sent>;
declare function createSender({ fetch, timeoutMs, retries, secret }: SenderOptions, { now, random, sleep }: Environment): Send;
/** A request as each try sends it. */
interface Message {
    url: string;
    headers: Record<string, string>;
    body: string;
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
declare function attempt(fetch: typeof globalThis.fetch, { url, headers, body }: Message, timeoutMs: number, signal: AbortSignal | undefined): Promise<Answer>;
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
interface CallOptions {
    /** Ends the call, its waits included; it then rejects with the signal's reason. */
    signal?: AbortSignal | undefined;
}
/**
 * A provider's client of the marketplace. Failed tries are repeated on connection errors, timeouts, 408, 429 and 5xx,
 * with waits that grow; a Retry-After of at most a minute is heeded, a longer one ends the call. No call is counted
 * twice however often it is sent. Every method rejects with an OnrampError, or with the signal's reason.
 */
interface Onramp {
    /**
     * Reports a purchase with the secret, level `server`. Give an `orderId`, or `purchasedAt`: the browser's copy with
     * the same one and yours then count once, in any order. With neither, the time is stamped now, and all such
     * purchases of one customer and service within 24 hours count as one.
     */
    createSaasTracking(purchase: SaasTracking, options?: CallOptions): Promise<SaasTrackingResult>;
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
declare function signPurchase({ partnerKey, secret, keyId, environment }: ClientParts, purchase: SignablePurchase): Promise<SignedPurchase>;
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
type JsonObject = Readonly<Record<string, unknown>>;
/** The JSON object that a text is; undefined for anything else. */
declare function parseObject(text: string): JsonObject | undefined;
declare function isObject(value: unknown): value is JsonObject;
/** An error answer as a problem, RFC 9457; undefined when it is no JSON object. Nothing in it is trusted to be there. */
declare function readProblem(text: string): Problem | undefined;
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
/** Runs the work once for all calls with one of the keys and the same account, and answers all of them alike. */
type Replay = (keys: readonly string[], account: string, work: () => Promise<Outcome>) => Promise<Outcome>;
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
     * Names the order: the same over all its tries, and of no other order. Without an `answers` store you have to find
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
interface RefusalOptions {
    /** 400 to 499; default 400. Not 408 and 429, which the marketplace takes for "try again". */
    status?: number | undefined;
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
     * @throws RangeError when the status isn't one of a refusal
     */
    constructor(message: string, { status, errors }?: RefusalOptions);
}
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
 * Signs a message: the value of its webhook-signature header, `v1,<base64>`. For two secrets, sign twice and put
 * a space between.
 *
 * @throws TypeError when the id, the timestamp or the secret can't be signed with
 */
declare function signWebhook(parts: {
    secret: string;
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
 * @throws TypeError when a secret can't be a key
 */
declare function verifyWebhook(parts: {
    /** All that are valid now: two while a secret is being replaced. */
    secrets: readonly string[];
    headers: Headers;
    body: Uint8Array;
    /** Epoch milliseconds. */
    now: number;
    /** How far the timestamp may lie in the past or the future, in seconds. */
    toleranceSeconds?: number | undefined;
}): Promise<{
    id: string;
    timestamp: number;
}>;
/**
 * The secret in the form that every Standard Webhooks library takes, `whsec_<base64>`: the very same key.
 */
declare function toWebhookSecret(secret: string): string;
/** Whether it can be a key: no empty text, and base64 after `whsec_`. */
declare function isWebhookSecret(secret: unknown): secret is string;
export type { SaasTracking, SaasTrackingResult, SaasTrackingRow };
export { type FieldError, OnrampError, type OnrampFailure, type Problem };
export { fromMinorUnits, type MinorUnitOptions, type Processor };
export { type CallOptions, createOnramp, type Onramp };
export type { OnrampOptions };
export type { Account, AccountField };
export type { AnswerStore, StoredAnswer };
export { createProvisionAccountHandler, type ProvisionAccountOptions, type ProvisionContext, type RequestHandler, };
export { toNodeListener };
export type { Coid };
export { Password };
export { ProvisionRefused, type RefusalOptions };
export type { SignablePurchase, SignedPurchase };
export type { SubscriptionResult, SubscriptionUpdate };
export { signWebhook, toWebhookSecret, verifyWebhook, WebhookError, type WebhookFailure };
