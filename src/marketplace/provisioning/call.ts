import { signWebhook } from '../../provider/webhook.ts';
import { retryAfterMs } from '../../wire/retryAfter.ts';
import type { Clock } from '../../wire/time.ts';
import { isLive } from '../providers/secret.ts';
import type { Order } from '../store/orders.ts';
import type { Provider } from '../store/providers.ts';
import { readAnswer, readCoid, readFailure } from './answer.ts';
import type { CallResult } from './decide.ts';
import type { Password } from './password.ts';

/** For one call, the whole answer included, in milliseconds. */
export const callTimeoutMs = 10_000;
/** A longer answer isn't read. */
const maxAnswerBytes = 64 * 1024;

export interface Call {
  order: Pick<Order, 'id' | 'fields'>;
  provider: Pick<Provider, 'provisionUrl' | 'secrets'>;
  password: Password | undefined;
}
export type CallProvider = (call: Call) => Promise<CallResult>;

export interface CallerParts {
  fetch: typeof fetch;
  clock: Clock;
  timeoutMs: number;
}

/** Posts an order to its provider, once, and judges the answer; never throws. */
export function createCaller({ fetch, clock, timeoutMs }: CallerParts): CallProvider {
  return async ({ order, provider, password }) => {
    if (!provider.provisionUrl) return { kind: 'unreachable', reason: 'the provider has no address' };
    if (!provider.secrets.some(isLive))
      return { kind: 'unreachable', reason: 'the provider has no live secret' };
    const body = JSON.stringify({ ...order.fields, ...(password && { password: password.reveal() }) });
    const headers = await headersFor(order.id, body, provider, clock());
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const url = provider.provisionUrl;
      const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
      return await judge(response, password, clock());
    } catch (error) {
      if (isBeforeSending(error)) return { kind: 'unreachable', reason: describeFailure(error) };
      const reason = signal.aborted ? `no answer within ${timeoutMs / 1000} s` : describeFailure(error);
      return { kind: 'unclear', reason };
    }
  };
}

async function headersFor(
  id: string,
  body: string,
  { secrets }: Call['provider'],
  now: number,
): Promise<Record<string, string>> {
  const timestamp = Math.floor(now / 1000);
  const signatures = await Promise.all(
    secrets.filter(isLive).map(({ secret }) => signWebhook({ secret, id, timestamp, body })),
  );
  return {
    'content-type': 'application/json',
    accept: 'application/json, application/problem+json',
    'accept-encoding': 'identity',
    // A connection that is used again can close under the request, and then nobody knows whether it arrived.
    connection: 'close',
    'user-agent': 'onramp-marketplace',
    'idempotency-key': id,
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  };
}

/** @throws what reading the body threw, where the answer's meaning depends on it */
async function judge(response: Response, password: Password | undefined, now: number): Promise<CallResult> {
  const { status } = response;
  if (status >= 500 || status === 408 || status === 429) {
    await discard(response);
    const wait = retryAfterMs(response.headers.get('retry-after'), now);
    return { kind: 'unclear', status, reason: 'the provider could not do it', retryAfterMs: wait };
  }
  if (status >= 400) {
    const body = await readBody(response).catch(() => undefined);
    return { kind: 'refused', status, failure: readFailure(body && readAnswer(body), password) };
  }
  if (status !== 201) {
    await discard(response);
    const reason =
      status >= 300 ? 'it redirects, which is not followed' : 'it answered neither 201 nor a failure';
    return { kind: 'unusable', status, reason };
  }
  const body = await readBody(response);
  if (!body) return { kind: 'unusable', status, reason: 'its answer is longer than 64 KiB' };
  const answer = readAnswer(body);
  if (!answer) return { kind: 'unusable', status, reason: 'its answer is not a JSON object' };
  const coid = readCoid(answer, password);
  if (coid === undefined) return { kind: 'unusable', status, reason: 'its answer has no usable coid' };
  return { kind: 'created', status, coid };
}

/** Undefined when it is longer than what is read. */
async function readBody(response: Response): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > maxAnswerBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Ends the connection; that it can't be ended well changes nothing. */
async function discard(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => undefined);
}

/** What the common codes of Node and undici mean to whoever reads the attempts of an order. */
const meanings: Record<string, string> = {
  ECONNREFUSED: 'the connection was refused',
  ENOTFOUND: 'the host is not known',
  EAI_AGAIN: 'the host could not be looked up',
  EHOSTUNREACH: 'the host could not be reached',
  ENETUNREACH: 'the host could not be reached',
  ECONNRESET: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the connection broke',
  HTTPParserError: 'what it answered is not HTTP',
};

const notConnected = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;

/**
 * Whether a failed fetch sent nothing: the name was not found or no connection came about, so that no account can
 * have been made. Of a host with several addresses, this holds when it holds for each. Everything else may have
 * reached the provider; a reset too, although the system can say "connect" of one that comes at once.
 */
export function isBeforeSending(error: unknown): boolean {
  const causes = causesOf(error);
  return causes.length > 0 && causes.every(isOfConnecting);
}

function isOfConnecting({ syscall, code = '' }: Cause): boolean {
  return (syscall === 'connect' || syscall === 'getaddrinfo') && notConnected.test(code);
}

/** Says what went wrong, without anything that was sent or received. */
function describeFailure(error: unknown): string {
  const code = causesOf(error)
    .map((cause) => cause.code)
    .find((known) => known !== undefined);
  if (code === undefined) return 'the connection failed';
  return meanings[code] ?? `the connection failed (${code})`;
}

interface Cause {
  syscall: string | undefined;
  code: string | undefined;
}

/** Fetch throws a TypeError whose cause is the system's error, or an AggregateError of one for each address. */
function causesOf(error: unknown): Cause[] {
  const cause = error instanceof Error ? error.cause : undefined;
  const errors: unknown[] = cause instanceof AggregateError ? cause.errors : [cause];
  return errors.map((one) => ({
    syscall: property(one, 'syscall'),
    code: property(one, 'code') ?? property(one, 'name'),
  }));
}

function property(value: unknown, name: string): string | undefined {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof found === 'string' ? found : undefined;
}
