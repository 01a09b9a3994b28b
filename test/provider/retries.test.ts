import { describe, expect, test } from 'vitest';
import { createOnramp } from '../../src/provider/index.ts';
import { createClient, failureOf, secret, startMs } from './support/client.ts';
import { answer, type Behaviour, endless, hang, hangInBody, reset, startServer } from './support/server.ts';

const stored = answer(201, { status: 'created', id: 'row-1' });
const busy = (retryAfter: string) => answer(503, {}, { 'retry-after': retryAfter });
const purchase = { serviceName: 'Acme CRM', customerId: '42', orderId: 'A-1' };
const httpDate = (ms: number) => new Date(ms).toUTCString();

/** Reports a purchase to a server that behaves so; what it answered or failed with, and what was sent and waited. */
async function report(behaviours: Behaviour[], options = {}) {
  const { baseUrl, received } = await startServer(...behaviours);
  const { onramp, waits } = createClient({ baseUrl, timeoutMs: 300, ...options });
  const outcome = await onramp.createSaasTracking(purchase).catch((error) => error);
  return { outcome, sent: received.length, waits, received };
}

describe('is sent again after', () => {
  test.each<[string, Behaviour]>([
    ['a broken connection', reset],
    ['no answer in time', hang],
    ['an answer that stops half-way', hangInBody],
    ['408', answer(408, {})],
    ['429', answer(429, {})],
    ['500', answer(500, 'oops')],
    ['503', answer(503, '')],
  ])('%s', async (_name, behaviour) => {
    const { outcome, sent, waits } = await report([behaviour, behaviour, stored]);
    expect(outcome).toEqual({ status: 'created', id: 'row-1' });
    expect(sent).toBe(3);
    // Half of 500 and 1,000 ms: full jitter with a random number of 0.5.
    expect(waits).toEqual([250, 500]);
  });

  test('409 that asks to come back: the first try is still being stored', async () => {
    const { sent } = await report([answer(409, {}, { 'retry-after': '1' }), stored]);
    expect(sent).toBe(2);
  });
});

describe('is not sent again after', () => {
  test.each([400, 401, 403, 404, 409, 413, 422])('%i', async (status) => {
    const { outcome, sent } = await report([answer(status, {}), stored]);
    expect(outcome).toMatchObject({ reason: 'refused', status, retryable: false, attempts: 1 });
    expect(sent).toBe(1);
  });

  test.each<[string, Behaviour]>([
    ['a redirect', answer(307, '', { location: '/api/SaasTrackings' })],
    ['a page in place of an answer', answer(200, '<h1>Sign in to this network</h1>')],
    ['JSON that says nothing', answer(201, {})],
    ['204', answer(204, '')],
    ['a body without end', endless],
  ])('%s', async (_name, behaviour) => {
    const { outcome, sent } = await report([behaviour, stored], { timeoutMs: 5_000 });
    expect(outcome).toMatchObject({ reason: 'unexpected_answer', retryable: false });
    expect(sent).toBe(1);
  });
});

describe('waits', () => {
  test('at most 8 s, and gives up after the retries', async () => {
    const { outcome, sent, waits } = await report([answer(503, {})], { retries: 7 });
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 4000, 4000]);
    expect(sent).toBe(8);
    expect(outcome).toMatchObject({ reason: 'refused', status: 503, attempts: 8, retryable: true });
  });

  test('not at all with a random number of 0', async () => {
    const { baseUrl } = await startServer(busy(''), stored);
    const { onramp, waits } = createClient({ baseUrl }, { random: () => 0 });
    await onramp.createSaasTracking(purchase);
    expect(waits).toEqual([0]);
  });

  test.each([
    ['seconds', '5', 5000 + 250],
    ['60 seconds', '60', 60_000 + 250],
    ['an HTTP date', httpDate(startMs + 20_500), 20_500 + 250],
    ['a date that is past', httpDate(startMs - 60_000), 250],
    ['what is neither', 'soon', 250],
  ])('as long as Retry-After says, in %s', async (_name, retryAfter, wait) => {
    const { waits } = await report([busy(retryAfter), stored]);
    expect(waits).toEqual([wait]);
  });

  test.each([
    ['61 seconds', '61', 61_000],
    ['a date in two minutes', httpDate(startMs + 120_500), 120_500],
  ])('never for %s: the error says so', async (_name, retryAfter, retryAfterMs) => {
    const { outcome, sent, waits } = await report([busy(retryAfter), stored]);
    expect({ sent, waits }).toEqual({ sent: 1, waits: [] });
    expect(outcome).toMatchObject({ status: 503, retryable: true, retryAfterMs });
    expect(outcome.message).toContain(`It asks to wait ${Math.ceil(retryAfterMs / 1000)} s.`);
  });

  test('retries: 0 sends once', async () => {
    const { sent } = await report([answer(503, {}), stored], { retries: 0 });
    expect(sent).toBe(1);
  });
});

describe('a signal ends a call', () => {
  const reason = new Error('the user went away');

  test('before it was sent', async () => {
    const { baseUrl, received } = await startServer(stored);
    const { onramp } = createClient({ baseUrl });
    const call = onramp.createSaasTracking(purchase, { signal: AbortSignal.abort(reason) });
    await expect(call).rejects.toBe(reason);
    expect(received).toEqual([]);
  });

  test('while it waits for the answer', async () => {
    const controller = new AbortController();
    const { baseUrl, received } = await startServer(() => controller.abort(reason));
    const { onramp } = createClient({ baseUrl });
    await expect(onramp.createSaasTracking(purchase, controller)).rejects.toBe(reason);
    expect(received).toHaveLength(1);
  });

  test('while it waits for the next try, in real time', async () => {
    const controller = new AbortController();
    const { baseUrl, received } = await startServer((request, response) => {
      response.on('close', () => setImmediate(() => controller.abort(reason)));
      busy('59')(request, response);
    });
    const onramp = createOnramp({ baseUrl, partnerKey: 'pk_acme', secret });
    await expect(onramp.createSaasTracking(purchase, controller)).rejects.toBe(reason);
    expect(received).toHaveLength(1);
  });
});

test('the time holds for a fetch that heeds no signal', async () => {
  const { onramp } = createClient({
    baseUrl: 'https://market.example',
    timeoutMs: 20,
    retries: 1,
    fetch: () => new Promise(() => {}),
  });
  expect(await failureOf(onramp.createSaasTracking(purchase))).toMatchObject({
    reason: 'timeout',
    attempts: 2,
  });
});

test('what it waits for in real time, it waits for', async () => {
  const { baseUrl } = await startServer(busy('1'), stored);
  const onramp = createOnramp({ baseUrl, partnerKey: 'pk_acme', secret });
  const started = performance.now();
  expect(await onramp.createSaasTracking(purchase)).toMatchObject({ id: 'row-1' });
  expect(performance.now() - started).toBeGreaterThan(990);
});
