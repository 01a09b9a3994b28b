import { signWebhook } from '../../provider/webhook.ts';
import type { FieldName } from '../../wire/account.ts';
import { retryAfterMs } from '../../wire/retryAfter.ts';
import type { Clock } from '../../wire/time.ts';
import { isLive } from '../providers/secret.ts';
import type { Order } from '../store/orders.ts';
import type { Provider } from '../store/providers.ts';
import {
  isAboutSignature,
  readAnswer,
  readCoid,
  readFailure,
  readLocation,
  readRefusedFields,
} from './answer.ts';
import type { CallResult } from './decide.ts';
import { faultOfConnection, faultOfStatus, isUnclear } from './fault.ts';
import type { Password } from './password.ts';
import { type Answer, PostError, post } from './post.ts';

/** For one call, the whole answer included, in milliseconds. */
export const callTimeoutMs = 10_000;

export interface Call {
  order: Pick<Order, 'id' | 'fields'>;
  provider: Pick<Provider, 'provisionUrl' | 'secrets'>;
  password: Password | undefined;
  /** What the order form asks; undefined where there is none any more. */
  asked: readonly FieldName[] | undefined;
}
export type CallProvider = (call: Call) => Promise<CallResult>;

export interface CallerParts {
  clock: Clock;
  timeoutMs: number;
}

/** Posts an order to its provider, once, and judges the answer; never throws. */
export function createCaller({ clock, timeoutMs }: CallerParts): CallProvider {
  return async ({ order, provider, password, asked }) => {
    const url = provider.provisionUrl;
    if (!url) return { kind: 'unreachable', fault: 'not_found', reason: 'the provider has no address' };
    const secrets = liveSecretsOf(provider);
    if (secrets.length === 0) {
      return { kind: 'unreachable', fault: 'no_secret', reason: 'the provider has no live secret' };
    }
    const body = JSON.stringify({ ...order.fields, ...(password && { password: password.reveal() }) });
    const now = clock();
    const headers = await headersFor({ id: order.id, body, secrets, now });
    try {
      const answer = await post({ url, headers, body, timeoutMs });
      const result = await judge(answer, { password, asked }, clock());
      answer.close();
      return result;
    } catch (error) {
      return judgeFailure(error);
    }
  };
}

function judgeFailure(error: unknown): CallResult {
  if (!(error instanceof PostError)) return { kind: 'unclear', reason: 'the connection failed' };
  const { stage, message: reason } = error;
  if (stage === 'answer') return { kind: 'unclear', reason };
  const fault = faultOfConnection(error);
  return fault === 'tls' ? { kind: 'misconfigured', fault, reason } : { kind: 'unreachable', fault, reason };
}

/** All that a call is signed by: while one replaces another, the provider may know either. */
export function liveSecretsOf({ secrets }: Pick<Provider, 'secrets'>): string[] {
  return secrets.filter(isLive).map(({ secret }) => secret);
}

interface Message {
  /** The same at each attempt: what is signed, and what the provider knows the order by. */
  id: string;
  body: string;
  secrets: readonly string[];
  now: number;
}

/** Of a message to a provider, signed by each of the secrets. */
export async function headersFor({ id, body, secrets, now }: Message): Promise<Record<string, string>> {
  const timestamp = Math.floor(now / 1000);
  const signatures = await Promise.all(secrets.map((secret) => signWebhook({ secret, id, timestamp, body })));
  return {
    'content-type': 'application/json',
    accept: 'application/json, application/problem+json',
    'accept-encoding': 'identity',
    'user-agent': 'onramp-marketplace',
    'idempotency-key': id,
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  };
}

type Sent = Pick<Call, 'password' | 'asked'>;

/** @throws PostError where the answer's meaning depends on a body that doesn't come */
async function judge(answer: Answer, sent: Sent, now: number): Promise<CallResult> {
  const { status, headers } = answer;
  if (isUnclear(status)) {
    const wait = retryAfterMs(headers['retry-after'] ?? null, now);
    return { kind: 'unclear', status, reason: 'the provider could not do it', retryAfterMs: wait };
  }
  const fault = faultOfStatus(status);
  if (fault) return { kind: 'misconfigured', status, fault, reason: reasonOf(answer) };
  if (status >= 400) return await readRefusal(answer, sent);
  if (status !== 201) {
    return { kind: 'unusable', status, reason: 'it answered neither 201 nor a failure' };
  }
  const body = await answer.read();
  if (!body) return { kind: 'unusable', status, reason: 'its answer is longer than 64 KiB' };
  const coid = readCoid(readAnswer(body, headers['content-type']), sent.password);
  if (coid === undefined) return { kind: 'unusable', status, reason: 'its answer has no usable coid' };
  return { kind: 'created', status, coid };
}

/** A refusal is the buyer's to correct, unless it is about what no buyer was asked, or about the signature. */
async function readRefusal(answer: Answer, { password, asked }: Sent): Promise<CallResult> {
  const { status } = answer;
  // A refusal without its words is a refusal.
  const body = await answer.read().catch(() => undefined);
  if (!body) return { kind: 'refused', status, failure: { errors: {} } };
  const said = readAnswer(body, answer.headers['content-type']);
  if (isAboutSignature(said)) {
    const reason = `it answered ${status} with words on the signature`;
    return { kind: 'misconfigured', status, fault: 'unauthorized', reason };
  }
  const fields = readRefusedFields(said);
  if (asked && fields.length > 0 && !fields.some((field) => asked.some((name) => name === field))) {
    const reason = `it answered ${status} on ${fields.join(', ')}, which the order form does not ask`;
    return { kind: 'misconfigured', status, fault: 'form_incomplete', reason };
  }
  return { kind: 'refused', status, failure: readFailure(said, password) };
}

function reasonOf({ status, headers }: Answer): string {
  if (status >= 400) return `it answered ${status}`;
  const location = readLocation(headers.location);
  return `it redirects${location === undefined ? '' : ` to ${location}`}, which is not followed`;
}
