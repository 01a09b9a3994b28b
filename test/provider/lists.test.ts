import { expect, test } from 'vitest';
import type {
  OnrampError,
  PurchaseFilters,
  RejectionFilters,
  TrackingRow,
} from '../../src/provider/index.ts';
import { startService } from '../marketplace/support/service.ts';
import { createClient, failureOf, startMs } from './support/client.ts';
import { answer, reset, startServer } from './support/server.ts';

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** The failure of the first step. */
function failureOfList(items: AsyncGenerator<unknown, void, void>): Promise<OnrampError> {
  return failureOf(items.next());
}

const row = (id: string) => ({ id, event: 'purchase', partnerKey: 'pk_acme' });

test('what was reported is read back, all pages of it, newest first', async () => {
  const service = await startService();
  service.time.now = startMs;
  const { secret } = await service.addProvider();
  const { onramp } = createClient({ baseUrl: service.baseUrl, secret });
  for (const orderId of ['A-1', 'A-2', 'A-3', 'A-4', 'A-5']) {
    await onramp.trackPurchase({
      serviceName: 'Acme CRM',
      customerId: 'cust-1',
      orderId,
      amount: 10,
      currency: 'EUR',
    });
  }
  await onramp.trackSignup({ serviceName: 'Acme CRM', customerId: 'cust-2' });
  const rows = await collect(onramp.listPurchases({ limit: 2, event: ['purchase', 'signup'] }));
  expect(rows.map(({ event, orderId }) => orderId ?? event)).toEqual([
    'signup',
    'A-5',
    'A-4',
    'A-3',
    'A-2',
    'A-1',
  ]);
  const [first] = await collect(onramp.listPurchases({ event: 'purchase', customerId: 'cust-1' }));
  expect(first).toMatchObject({
    amount: '10',
    currency: 'EUR',
    trust: 'server',
  } satisfies Partial<TrackingRow>);
  expect(await collect(onramp.listPurchases({ customerId: 'nobody' }))).toEqual([]);
  const filters: PurchaseFilters[] = [
    { orderId: 'A-3' },
    { referral: 'ref-1' },
    { trust: 'server', event: 'signup' },
  ];
  const found = await Promise.all(filters.map((filters) => collect(onramp.listPurchases(filters))));
  expect(found).toMatchObject([[{ orderId: 'A-3' }], [], [{ event: 'signup' }]]);
  expect(await collect(onramp.listPurchases({ to: new Date(startMs) }))).toEqual([]);
  expect(await collect(onramp.listPurchases({ from: startMs }))).toHaveLength(6);
});

test('as is what was refused', async () => {
  const service = await startService();
  service.time.now = startMs;
  const { secret } = await service.addProvider();
  const { onramp } = createClient({ baseUrl: service.baseUrl, secret });
  const wrong = { partnerKey: 'pk_acme', serviceName: 'Acme CRM', purchasedAt: startMs };
  for (const customerId of ['undefined', 'null', 'NaN']) await service.post({ ...wrong, customerId });
  const rejections = await collect(onramp.listRejections({ limit: 1 }));
  expect(rejections).toMatchObject([
    { customerId: 'NaN', status: 400, errors: [{ pointer: '/customerId' }] },
    { customerId: 'null', count: 1 },
    { customerId: 'undefined' },
  ]);
  const found = async (filters: RejectionFilters) =>
    (await collect(onramp.listRejections(filters))).map(({ customerId }) => customerId);
  expect(await found({ reason: 'invalid_fields', from: startMs })).toEqual(['NaN', 'null', 'undefined']);
  expect(await found({ reason: 'conflict' })).toEqual([]);
  expect(await found({ orderId: 'A-1' })).toEqual([]);
  expect(await found({ to: startMs })).toEqual([]);
});

test('every filter goes as the wire has it, on each page', async () => {
  const page = answer(200, { items: [row('1')], next: 'c-1' });
  const { baseUrl, received } = await startServer(page, answer(200, { items: [row('2')], next: null }));
  const { onramp } = createClient({ baseUrl });
  const filters: PurchaseFilters = {
    event: ['purchase', 'renewal'],
    customerId: 42,
    orderId: 'A&1',
    serviceName: 'Acme CRM',
    referral: 'ref-1',
    listing: 'acme',
    campaign: 'Tuesday',
    from: new Date('2026-05-01T00:00:00Z'),
    to: '2026-06-01',
    trust: 'signed',
    verdict: 'listing',
    test: false,
    limit: 500,
  };
  expect(await collect(onramp.listPurchases(filters))).toEqual([row('1'), row('2')]);
  const query = {
    event: 'purchase,renewal',
    customerId: '42',
    orderId: 'A&1',
    serviceName: 'Acme CRM',
    referral: 'ref-1',
    listing: 'acme',
    campaign: 'Tuesday',
    from: '2026-05-01T00:00:00.000Z',
    to: '2026-06-01T00:00:00.000Z',
    trust: 'signed',
    verdict: 'listing',
    test: 'false',
    limit: '500',
  };
  const asked = received.map(({ method, path, headers, body }) => {
    const { pathname, searchParams } = new URL(path, baseUrl);
    const { authorization, 'content-type': type } = headers;
    return {
      method,
      pathname,
      ...Object.fromEntries(searchParams),
      isSecret: authorization !== undefined,
      type,
      body,
    };
  });
  const request = {
    method: 'GET',
    pathname: '/api/SaasTrackings',
    isSecret: true,
    type: undefined,
    body: '',
  };
  expect(asked).toEqual([
    { ...request, ...query },
    { ...request, ...query, cursor: 'c-1' },
  ]);
});

test('a page is asked for when the one before it is used up, and none after the caller has stopped', async () => {
  const { baseUrl, received } = await startServer(answer(200, { items: [row('1'), row('2')], next: 'more' }));
  const { onramp } = createClient({ baseUrl });
  for await (const { id } of onramp.listPurchases()) if (id === '2') break;
  expect(received.map(({ path }) => path)).toEqual(['/api/SaasTrackings']);
});

test('tries are repeated as for every call', async () => {
  const { baseUrl, received } = await startServer(
    reset,
    answer(503, {}),
    answer(200, { items: [], next: null }),
  );
  const { onramp, waits } = createClient({ baseUrl });
  expect(await collect(onramp.listRejections())).toEqual([]);
  expect({ tries: received.length, waits: waits.length }).toEqual({ tries: 3, waits: 2 });
});

test('a signal ends it between pages', async () => {
  const controller = new AbortController();
  const { baseUrl, received } = await startServer(answer(200, { items: [row('1')], next: 'more' }));
  const { onramp } = createClient({ baseUrl });
  const reading = (async () => {
    for await (const _row of onramp.listPurchases({}, { signal: controller.signal })) {
      controller.abort(new Error('enough'));
    }
  })();
  await expect(reading).rejects.toThrow('enough');
  expect(received).toHaveLength(1);
});

test.each<[string, object, RegExp]>([
  [
    'a misspelt filter',
    { customer: '42' },
    /customer is no filter here: there are limit, customerId, orderId/,
  ],
  [
    'an event that there is none of',
    { event: ['purchase', 'sale'] },
    /event is "sale": it must be one of purchase, signup/,
  ],
  ['a level', { trust: 'high' }, /trust is "high": it must be one of unsigned, origin, signed, server/],
  ['a time', { from: 'May' }, /from must be a Date, an ISO 8601/],
  ['a truth', { test: 'yes' }, /test is "yes": it must be true or false/],
  ['a limit', { limit: 0 }, /limit is 0: it must be a whole number from 1 to 1,000/],
  ['a limit that is NaN', { limit: Number.NaN }, /limit is NaN/],
])('%s is refused before anything is asked', async (_name, filters, message) => {
  const { baseUrl, received } = await startServer(answer(200, { items: [] }));
  const { onramp } = createClient({ baseUrl });
  const error = await failureOfList(onramp.listPurchases(filters));
  expect(error).toMatchObject({ reason: 'invalid', message: expect.stringMatching(message) });
  expect(received).toEqual([]);
});

test.each<[string, object | string]>([
  ['a page of HTML', '<h1>Welcome</h1>'],
  ['something else', { rows: [] }],
  ['items that are none', { items: [1, 2] }],
  ['a cursor that is none', { items: [], next: 7 }],
])('%s as the answer is told', async (_name, body) => {
  const { baseUrl } = await startServer(answer(200, body));
  const { onramp } = createClient({ baseUrl });
  expect(await failureOfList(onramp.listPurchases())).toMatchObject({
    reason: 'unexpected_answer',
    status: 200,
  });
});

test('a cursor that leads back to itself ends, too', async () => {
  const { baseUrl, received } = await startServer(answer(200, { items: [row('1')], next: 'c-1' }));
  const { onramp } = createClient({ baseUrl });
  expect(await failureOf(collect(onramp.listPurchases()))).toMatchObject({ reason: 'unexpected_answer' });
  expect(received).toHaveLength(2);
});

test('a refusal is typed, and without a secret nothing can be read', async () => {
  const problem = { type: 'urn:onramp:problem:wrong_secret', detail: 'Wrong.' };
  const { baseUrl } = await startServer(answer(401, problem));
  const { onramp } = createClient({ baseUrl });
  expect(await failureOfList(onramp.listRejections())).toMatchObject({
    reason: 'refused',
    status: 401,
    problem,
  });
  const stranger = createClient({ baseUrl, secret: null });
  await expect(stranger.onramp.listPurchases().next()).rejects.toThrow('listPurchases needs the secret');
});

test.each([
  [{ limit: 1 }, '?limit=1'],
  [{ limit: 1000 }, '?limit=1000'],
  [{ customerId: ' ', orderId: undefined }, ''],
])('filters %j are asked as %j', async (filters, query) => {
  const { baseUrl, received } = await startServer(answer(200, { items: [], next: null }));
  await collect(createClient({ baseUrl }).onramp.listPurchases(filters));
  expect(received.map(({ path }) => path)).toEqual([`/api/SaasTrackings${query}`]);
});

test.each<[object, object]>([
  [
    { limit: 1001 },
    {
      pointer: '/limit',
      code: 'invalid',
      detail: 'limit is 1001: it must be a whole number from 1 to 1,000',
    },
  ],
  [
    { trust: 7 },
    {
      pointer: '/trust',
      code: 'invalid',
      detail: 'trust is 7: it must be one of unsigned, origin, signed, server',
    },
  ],
  [{ test: 1 }, { pointer: '/test', code: 'wrong_type', detail: 'test is 1: it must be true or false' }],
  [{ toString: 'a' }, { pointer: '/toString', code: 'unknown' }],
])('%j is refused by its name', async (filters, error) => {
  const { onramp } = createClient({ baseUrl: 'http://127.0.0.1:9' });
  expect(await failureOfList(onramp.listPurchases(filters))).toMatchObject({ errors: [error] });
});

test.each([{ items: [1] }, { items: 'none' }, { items: [], next: 7 }, { items: [], more: 'x'.repeat(600) }])(
  'an answer such as %j says what it is',
  async (body) => {
    const { baseUrl } = await startServer(answer(200, { ...body, next: 'next' in body ? body.next : {} }));
    const error = await failureOfList(createClient({ baseUrl }).onramp.listRejections());
    expect(error).toMatchObject({
      reason: 'unexpected_answer',
      message: "The answer 200 isn't a page of a marketplace's list. Is baseUrl right?",
      retryable: false,
      status: 200,
    });
    expect(error.body?.length).toBeLessThanOrEqual(500);
  },
);

test('a page that names no next one is the last', async () => {
  const { baseUrl, received } = await startServer(answer(200, { items: [row('1')] }));
  expect(await collect(createClient({ baseUrl }).onramp.listPurchases())).toEqual([row('1')]);
  expect(received).toHaveLength(1);
});

test.each(['listPurchases', 'listRejections'] as const)('%s needs the secret', async (call) => {
  const { onramp } = createClient({ baseUrl: 'http://127.0.0.1:9', secret: null });
  await expect(onramp[call]().next()).rejects.toThrow(`${call} needs the secret`);
});
