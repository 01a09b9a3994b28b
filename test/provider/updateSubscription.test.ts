import { describe, expect, test } from 'vitest';
import type { SubscriptionUpdate } from '../../src/provider/index.ts';
import { startService } from '../marketplace/support/service.ts';
import { createClient, failureOf, secret, startMs } from './support/client.ts';
import { answer, reset, startServer } from './support/server.ts';

const stored = answer(201, { status: 'created', id: 'report-1', subscription: { coid: 'c-1' } });
const usage = { coid: 'c-1', sku: 'CRM-10', expired: false, count: 12 };

async function start(...behaviours: Parameters<typeof startServer>) {
  const { baseUrl, received } = await startServer(...behaviours);
  const sent = () => received.map(({ body }) => JSON.parse(body));
  return { received, sent, ...createClient({ baseUrl }) };
}

test('a report has the names of the article, and the secret in its header alone', async () => {
  const { onramp, received, sent } = await start(stored);
  const result = await onramp.updateSubscription({ ...usage, coid: 7 });
  expect(result).toEqual({
    status: 'created',
    id: 'report-1',
    period: '2026-05',
    subscription: { coid: 'c-1' },
  });
  expect(received).toMatchObject([
    {
      method: 'POST',
      path: '/update-subscription/',
      headers: {
        authorization: `Bearer ${secret}`,
        'content-type': 'application/json',
        'idempotency-key': 'id-1',
      },
    },
  ]);
  expect(sent()).toEqual([
    { coid: '7', sku: 'CRM-10', expired: false, count: 12, period: '2026-05', providerkey: 'pk_acme' },
  ]);
  expect(received[0]?.body).not.toContain(secret);
});

test.each<[string, SubscriptionUpdate['expiredDate'], string]>([
  ['a Date', new Date('2026-05-30T08:00:00+02:00'), '2026-05-30T06:00:00.000Z'],
  ['a day', '2026-05-30', '2026-05-30'],
  ['a time', '2026-05-30T08:00+02:00', '2026-05-30T06:00:00.000Z'],
])('a termination says when, by %s', async (_name, expiredDate, sentDate) => {
  const { onramp, sent } = await start(stored);
  await onramp.updateSubscription({ ...usage, expired: true, expiredDate });
  expect(sent()).toMatchObject([{ expired: true, 'expired-date': sentDate }]);
});

test('retries on the other side of the month are the same report', async () => {
  const { onramp, received, sent, time } = await start(
    answer(503, {}, { 'retry-after': '2' }),
    reset,
    stored,
  );
  expect(await onramp.updateSubscription(usage)).toMatchObject({ period: '2026-05' });
  expect(new Date(time.now).toISOString()).toMatch(/^2026-06/);
  expect(new Set(received.map(({ body }) => body)).size).toBe(1);
  expect(received.map(({ headers }) => headers['idempotency-key'])).toEqual(['id-1', 'id-1', 'id-1']);
  expect(sent()[2]).toMatchObject({ period: '2026-05' });
});

test('a total that goes from A to B and back to A is three reports: each call has a key of its own', async () => {
  const { onramp, received } = await start(stored);
  for (const count of [1, 2, 1]) await onramp.updateSubscription({ ...usage, count });
  expect(received.map(({ headers }) => headers['idempotency-key'])).toEqual(['id-1', 'id-2', 'id-3']);
});

test('a key and a period of the caller are sent', async () => {
  const { onramp, received, sent } = await start(stored);
  await onramp.updateSubscription({ ...usage, period: '2026-04', idempotencyKey: 'april run 1' });
  expect(received[0]?.headers).toMatchObject({ 'idempotency-key': 'april run 1' });
  expect(sent()).toMatchObject([{ period: '2026-04' }]);
});

test('a count is sent without what a double adds to it', async () => {
  const { onramp, sent } = await start(stored);
  await onramp.updateSubscription({ ...usage, count: 0.1 + 0.2 });
  await onramp.updateSubscription({ ...usage, count: 0 });
  expect(sent()).toMatchObject([{ count: 0.3 }, { count: 0 }]);
});

test('an answer without a body, and no 200, will do', async () => {
  const { onramp } = await start(answer(201, ''), answer(200, { status: 'created' }));
  expect(await onramp.updateSubscription(usage)).toEqual({ status: 'created', period: '2026-05' });
  expect(await failureOf(onramp.updateSubscription(usage))).toMatchObject({ reason: 'unexpected_answer' });
});

describe('is refused before anything is sent', () => {
  test.each<[string, object, string[]]>([
    ['what must be there', { coid: '', sku: undefined }, ['/coid', '/sku']],
    ['expired that is no boolean', { expired: 'true' }, ['/expired']],
    ['a termination without its date', { expired: true }, ['/expiredDate']],
    ['a day that is none', { expired: true, expiredDate: '2026-02-30' }, ['/expiredDate']],
    ['a day with something before it', { expired: true, expiredDate: 'on 2026-05-30' }, ['/expiredDate']],
    ['a Date that is none', { expired: true, expiredDate: new Date(Number.NaN) }, ['/expiredDate']],
    ['a count below 0', { count: -1 }, ['/count']],
    ['a count that is no number', { count: Number.NaN }, ['/count']],
    ['a count as text', { count: '12' }, ['/count']],
    ['a period that is no month', { period: '2026-13' }, ['/period']],
    ['a key that no header carries', { idempotencyKey: 'schlüssel' }, ['/idempotencyKey']],
    ['an empty key', { idempotencyKey: '' }, ['/idempotencyKey']],
    ['a key of 256 characters', { idempotencyKey: 'x'.repeat(256) }, ['/idempotencyKey']],
  ])('%s', async (_name, changes, pointers) => {
    const { onramp, received } = await start(stored);
    const error = await failureOf(onramp.updateSubscription({ ...usage, ...changes }));
    expect(error).toMatchObject({ reason: 'invalid', attempts: 0 });
    expect(error.errors.map(({ pointer }) => pointer)).toEqual(pointers);
    expect(received).toEqual([]);
  });
});

test('what is refused says by which code, and what it has to be', async () => {
  const { onramp } = await start(stored);
  const ended: object = { ...usage, expired: true, count: '12', period: 5, idempotencyKey: '' };
  const { errors } = await failureOf(onramp.updateSubscription({ ...usage, ...ended }));
  expect(errors).toEqual([
    { pointer: '/period', code: 'invalid', detail: expect.stringContaining('has to be a month as YYYY-MM') },
    { pointer: '/count', code: 'invalid', detail: expect.stringContaining('a number of 0 or more') },
    { pointer: '/expiredDate', code: 'required', detail: expect.stringContaining('day on which it ended') },
    { pointer: '/idempotencyKey', code: 'invalid', detail: expect.stringContaining('255 printable ASCII') },
  ]);
  const unsaid: object = { ...usage, expired: undefined };
  const { errors: missing } = await failureOf(onramp.updateSubscription({ ...usage, ...unsaid }));
  expect(missing).toMatchObject([{ pointer: '/expired', code: 'required' }]);
});

test.each(['k', 'x'.repeat(255)])('a key as short or as long as keys may be is sent: %#', async (key) => {
  const { onramp, received } = await start(stored);
  await onramp.updateSubscription({ ...usage, idempotencyKey: key });
  expect(received[0]?.headers).toMatchObject({ 'idempotency-key': key });
});

test('a count that is null is left out', async () => {
  const { onramp, sent } = await start(stored);
  const uncounted: object = { ...usage, count: null };
  await onramp.updateSubscription({ ...usage, ...uncounted });
  expect(sent()).toEqual([expect.not.objectContaining({ count: expect.anything() })]);
});

test('what is refused says what was given', async () => {
  const { onramp } = await start(stored);
  const wrong: object = { ...usage, expired: 'false', count: '1.000', period: '05/2026' };
  const { message } = await failureOf(onramp.updateSubscription({ ...usage, ...wrong }));
  for (const given of ['period is "05/2026": ', 'count is "1.000": ', 'expired is "false": ']) {
    expect(message).toContain(given);
  }
});

test('nothing is reported without a secret', async () => {
  const { baseUrl } = await startServer(stored);
  const { onramp } = createClient({ baseUrl, secret: null });
  await expect(onramp.updateSubscription(usage)).rejects.toThrow(/^updateSubscription needs the secret/);
});

test('the clock of these tests stands just before a month ends', () => {
  expect(new Date(startMs).toISOString()).toBe('2026-05-31T23:59:59.500Z');
});

describe('at the real service', () => {
  /** The service, a client that it knows, and what it has of the provider's subscriptions. */
  async function startBoth() {
    const service = await startService();
    service.time.now = startMs;
    const { secret } = await service.addProvider();
    const subscriptions = () => service.list('/api/subscriptions', secret);
    return { service, secret, subscriptions, ...createClient({ baseUrl: service.baseUrl, secret }) };
  }

  test('a job that runs twice bills once, a correction counts, and so does its withdrawal', async () => {
    const { onramp, subscriptions } = await startBoth();
    for (const count of [12, 12, 15, 12]) {
      expect(await onramp.updateSubscription({ ...usage, count })).toMatchObject({ status: 'created' });
    }
    expect(await subscriptions()).toMatchObject([
      {
        coid: 'c-1',
        sku: 'CRM-10',
        status: 'active',
        usage: [{ period: '2026-05', count: '12', reports: 4 }],
      },
    ]);
  });

  test('a key of the caller makes two calls one report, and is refused for another', async () => {
    const { onramp, subscriptions } = await startBoth();
    const report = { ...usage, idempotencyKey: 'may run 1' };
    const [first, again] = [await onramp.updateSubscription(report), await onramp.updateSubscription(report)];
    expect(again).toEqual(first);
    expect(await subscriptions()).toMatchObject([{ usage: [{ reports: 1 }] }]);
    expect(await failureOf(onramp.updateSubscription({ ...report, count: 13 }))).toMatchObject({
      status: 422,
      retryable: false,
    });
  });

  test('a customer who has left', async () => {
    const { onramp, subscriptions } = await startBoth();
    await onramp.updateSubscription({ coid: 'c-1', sku: 'CRM-10', expired: true, expiredDate: '2026-05-20' });
    expect(await subscriptions()).toMatchObject([
      { status: 'terminated', expiredDate: '2026-05-20T00:00:00.000Z' },
    ]);
  });

  test('a stranger is refused', async () => {
    const { service } = await startBoth();
    const { onramp } = createClient({ baseUrl: service.baseUrl });
    expect(await failureOf(onramp.updateSubscription(usage))).toMatchObject({ status: 401, attempts: 1 });
  });
});
