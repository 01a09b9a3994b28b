import { signWebhook } from '../../provider/webhook.ts';
import { retryAfterMs } from '../../wire/retryAfter.ts';
import type { Clock } from '../clock.ts';
import type { Order } from '../store/orders.ts';
import type { Provider } from '../store/providers.ts';
import { readAnswer, readCoid, readFailure } from './answer.ts';
import { describeFailure, isBeforeSending } from './connectionFailure.ts';
import type { Password } from './password.ts';
import type { CallResult } from './result.ts';

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
  const live = secrets.filter(({ retiredAt }) => retiredAt === undefined);
  const signatures = await Promise.all(
    live.map(({ secret }) => signWebhook({ secret, id, timestamp, body })),
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
