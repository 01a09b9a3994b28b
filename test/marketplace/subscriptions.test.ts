import { describe, expect, test } from 'vitest';
import { createSecret } from '../../src/marketplace/providers/secret.ts';
import { StoreUnavailableError } from '../../src/marketplace/store/errors.ts';
import { patience } from './support/patience.ts';
import { bearer } from './support/purchase.ts';
import { type Fields, hourMs, startService } from './support/service.ts';
import { postReport, startReporting, usage } from './support/subscription.ts';

const form = 'application/x-www-form-urlencoded';

test('a caller that knows the article of 2017 alone is served', async () => {
  const { send, secret, subscriptions } = await startReporting();
  const payload = {
    coid: '4711',
    expired: 'false',
    'expired-date': '',
    sku: 'SKU-1',
    count: '17',
    providerkey: secret,
  };
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  const body = JSON.stringify(payload);
  expect(await send('/update-subscription/', { method: 'POST', headers, body })).toMatchObject({
    status: 201,
    body: {
      status: 'created',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      period: '2026-05',
      subscription: { coid: '4711', sku: 'SKU-1', status: 'active', count: '17' },
    },
  });
  const last = JSON.stringify({ ...payload, expired: 'True', 'expired-date': '2026-05-31', count: '' });
  expect(await send('/update-subscription/', { method: 'POST', headers, body: last })).toMatchObject({
    status: 201,
    body: { subscription: { status: 'terminated', expiredDate: '2026-05-31T00:00:00.000Z', count: '17' } },
  });
  expect(await subscriptions()).toMatchObject([
    { coid: '4711', status: 'terminated', usage: [{ period: '2026-05', count: '17', reports: 2 }] },
  ]);
});

test.each([
  '/update-subscription',
  '/update-subscription/',
  '/update-subscriptions',
  '//update-subscriptions/',
])('POST %s', async (path) => {
  const service = await startReporting();
  const elements = { ...usage, providerkey: service.secret };
  expect(await postReport(service, elements, {}, path)).toMatchObject({ status: 201 });
  expect(await service.reports()).toHaveLength(1);
});

describe('ways to write the same report', () => {
  const texts = { ...usage, expired: 'false', count: '120' };
  test.each<[string, (secret: string) => string, string]>([
    ['JSON', (providerkey) => JSON.stringify({ ...usage, providerkey }), 'application/json'],
    ['JSON of another type', (providerkey) => JSON.stringify({ ...usage, providerkey }), 'text/plain'],
    ['JSON of a type that is none', (providerkey) => JSON.stringify({ ...usage, providerkey }), 'garbage'],
    ['all texts', (providerkey) => JSON.stringify({ ...texts, providerkey }), 'application/json'],
    ['a form', (providerkey) => new URLSearchParams({ ...texts, providerkey }).toString(), form],
    [
      'unknown elements',
      (providerkey) => JSON.stringify({ ...usage, providerkey, 'expired-date': null, colour: 'red' }),
      'application/json',
    ],
  ])('%s', async (_name, write, contentType) => {
    const { send, secret, reports } = await startReporting();
    const init = { method: 'POST', headers: { 'content-type': contentType }, body: write(secret) };
    expect(await send('/update-subscription/', init)).toMatchObject({ status: 201 });
    const { id, receivedAt, ...report } = (await reports())[0] ?? {};
    expect(report).toEqual({
      partnerKey: 'pk_acme',
      coid: 'cust-1',
      sku: 'crm-basic',
      period: '2026-05',
      expired: false,
      count: '120',
      counted: true,
    });
  });
});

test.each<[string, Fields, Fields]>([
  ['TRUE with a date', { expired: ' TRUE ', 'expired-date': '2026-05-03' }, { expired: true }],
  ['a date of epoch milliseconds', { expired: true, 'expired-date': 1_777_766_400_000 }, {}],
  ['a date of an offset', { expired: true, 'expired-date': '2026-05-03T02:00:00+02:00' }, {}],
  ['a date with spaces', { expired: true, 'expired-date': ' 2026-05-03 ' }, {}],
])('%s is read', async (_name, elements, read) => {
  const { report, reports } = await startReporting();
  expect(await report(elements)).toMatchObject({ status: 201 });
  expect(await reports()).toMatchObject([{ 'expired-date': '2026-05-03T00:00:00.000Z', ...read }]);
});

test.each<[string | number | null, string | undefined]>([
  [0, '0'],
  ['0', '0'],
  ['012.50', '12.5'],
  [' 7 ', '7'],
  [0.1 + 0.2, '0.3'],
  ['999999999999999.999999999', '999999999999999.999999999'],
  ['', undefined],
  [null, undefined],
])('the count %o is stored as %o', async (count, stored) => {
  const { report, reports } = await startReporting();
  expect(await report({ count })).toMatchObject({ status: 201 });
  expect((await reports())[0]?.count).toBe(stored);
});

test('ids that are numbers are their digits', async () => {
  const { send, secret, reports } = await startReporting();
  const body = `{"coid":90071992547409931,"sku":7,"expired":false,"providerkey":"${secret}"}`;
  expect(await send('/update-subscription/', { method: 'POST', body })).toMatchObject({ status: 201 });
  expect(await reports()).toMatchObject([{ coid: '90071992547409931', sku: '7' }]);
});

test('a date beside expired: false is left out and named, however it is written', async () => {
  const { report, subscriptions } = await startReporting();
  const { status, body } = await report({ 'expired-date': '0000-00-00' });
  expect({ status, ignored: body.ignored }).toEqual({ status: 201, ignored: ['expired-date'] });
  const [subscription] = await subscriptions();
  expect(subscription).not.toHaveProperty('expiredDate');
});

interface Right {
  name: string;
  send: (keys: Record<'acme' | 'second' | 'retired' | 'other' | 'disabled', string>) => {
    providerkey: string;
    authorization?: string;
  };
  status: number;
}

const forged = `os_aaaaaaaa_${'A'.repeat(43)}`;
const rights: Right[] = [
  { name: 'the secret', send: ({ acme }) => ({ providerkey: acme }), status: 201 },
  { name: 'the second secret', send: ({ second }) => ({ providerkey: second }), status: 201 },
  { name: 'a retired secret', send: ({ retired }) => ({ providerkey: retired }), status: 401 },
  { name: 'a secret of nobody', send: () => ({ providerkey: forged }), status: 401 },
  {
    name: 'a secret with another end',
    send: ({ acme }) => ({ providerkey: `${acme.slice(0, -4)}AAAA` }),
    status: 401,
  },
  { name: 'the partner key alone', send: () => ({ providerkey: 'pk_acme' }), status: 401 },
  { name: 'a partner key of nobody', send: () => ({ providerkey: 'pk_nobody' }), status: 401 },
  {
    name: 'the partner key with the secret',
    send: ({ acme }) => ({ providerkey: 'pk_acme', authorization: `Bearer ${acme}` }),
    status: 201,
  },
  {
    name: 'the partner key with a retired secret',
    send: ({ retired }) => ({ providerkey: 'pk_acme', authorization: `Bearer ${retired}` }),
    status: 401,
  },
  {
    name: "the partner key with another's secret",
    send: ({ other }) => ({ providerkey: 'pk_acme', authorization: `Bearer ${other}` }),
    status: 401,
  },
  {
    name: 'a partner key of nobody with a secret',
    send: ({ acme }) => ({ providerkey: 'pk_nobody', authorization: `Bearer ${acme}` }),
    status: 401,
  },
  {
    name: 'the partner key with Basic',
    send: () => ({ providerkey: 'pk_acme', authorization: 'Basic cGs6' }),
    status: 401,
  },
  {
    name: 'both secrets of one provider',
    send: ({ acme, second }) => ({ providerkey: acme, authorization: `Bearer ${second}` }),
    status: 201,
  },
  {
    name: 'secrets of two providers',
    send: ({ acme, other }) => ({ providerkey: acme, authorization: `Bearer ${other}` }),
    status: 401,
  },
  {
    name: 'the secret beside a wrong header',
    send: ({ acme }) => ({ providerkey: acme, authorization: acme }),
    status: 401,
  },
  {
    name: 'the secret of a disabled provider',
    send: ({ disabled }) => ({ providerkey: disabled }),
    status: 403,
  },
  {
    name: 'the partner key of a disabled provider',
    send: () => ({ providerkey: 'pk_disabled' }),
    status: 401,
  },
];

test.each(rights)('$name is answered with $status', async ({ send, status }) => {
  const service = await startService();
  const { secret: retired } = await service.addProvider();
  const [acme, second] = [createSecret(service.time.now), createSecret(service.time.now)];
  await service.store.addSecret('pk_acme', acme);
  await service.store.addSecret('pk_acme', second);
  const other = await service.addProvider({ partnerKey: 'pk_other' });
  const disabled = await service.addProvider({ partnerKey: 'pk_disabled', disabled: true });
  const { providerkey, authorization } = send({
    acme: acme.secret,
    second: second.secret,
    retired,
    other: other.secret,
    disabled: disabled.secret,
  });
  const headers = authorization === undefined ? undefined : { authorization };
  const answer = await postReport(service, { ...usage, providerkey }, headers);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
  const stored = await service.store.listReports({ limit: 10 });
  expect(stored.map(({ partnerKey }) => partnerKey)).toEqual(status === 201 ? ['pk_acme'] : []);
});

describe('the count that counts', () => {
  test('is the newest, whatever was said before: A, B, A', async () => {
    const { report, subscriptions, reports } = await startReporting();
    for (const count of [10, 25, 10]) {
      expect(await report({ count })).toMatchObject({ body: { subscription: { count: String(count) } } });
    }
    expect(await subscriptions()).toMatchObject([
      { usage: [{ period: '2026-05', count: '10', reports: 3 }] },
    ]);
    const history = await reports();
    expect(history.map(({ count, counted }) => [count, counted])).toEqual([
      ['10', true],
      ['25', false],
      ['10', false],
    ]);
  });

  test('is the one stored last, though the clock was set back before it got its id', async () => {
    const { report, reports, store, time } = await startReporting();
    await report({ count: 1 });
    const provider = await store.findProvider('pk_acme');
    const { coid, sku, period } = usage;
    await store.write([
      {
        kind: 'report',
        id: '01000000-0000-7000-8000-000000000000',
        providerId: provider?.id ?? 0,
        report: { coid, sku, period, expired: false, count: '2' },
        receivedAt: time.now - 24 * hourMs,
        idempotency: undefined,
      },
    ]);
    expect(await reports()).toMatchObject([
      { count: '2', counted: true },
      { count: '1', counted: false },
    ]);
    const [first] = await reports('?limit=1');
    expect(await reports(`?cursor=${first?.id}`)).toMatchObject([{ count: '1' }]);
  });

  test('stays where a report says none, and is taken back by 0', async () => {
    const { report, subscriptions } = await startReporting();
    await report({ count: 30 });
    expect(await report({ count: '' })).toMatchObject({ body: { subscription: { count: '30' } } });
    expect(await subscriptions()).toMatchObject([{ usage: [{ count: '30', reports: 2 }] }]);
    await report({ count: 0 });
    expect(await subscriptions()).toMatchObject([{ usage: [{ count: '0', reports: 3 }] }]);
  });

  test('is each period, product, customer and provider its own', async () => {
    const service = await startReporting();
    const other = await service.addProvider({ partnerKey: 'pk_other' });
    await service.report({ count: 1 });
    await service.report({ count: 2, period: '2026-04' });
    await service.report({ count: 3, sku: 'crm-pro' });
    await service.report({ count: 4, coid: 'cust-2' });
    await postReport(service, { ...usage, count: 5, providerkey: other.secret });
    const counts = (await service.subscriptions()).map(({ coid, sku, usage }) => [coid, sku, usage]);
    expect(counts).toMatchObject([
      ['cust-2', 'crm-basic', [{ period: '2026-05', count: '4' }]],
      ['cust-1', 'crm-pro', [{ period: '2026-05', count: '3' }]],
      [
        'cust-1',
        'crm-basic',
        [
          { period: '2026-05', count: '1' },
          { period: '2026-04', count: '2' },
        ],
      ],
    ]);
    expect(await service.list('/api/subscriptions', other.secret)).toMatchObject([
      { usage: [{ count: '5' }] },
    ]);
    expect((await service.reports()).map(({ counted }) => counted)).toEqual([true, true, true, true]);
    const silent = await service.report({ count: '', period: '2026-03' });
    expect(silent.body.subscription).not.toHaveProperty('count');
  });
});

describe('a subscription', () => {
  test('ends, takes a last correction of an earlier period, and opens again', async () => {
    const { report, subscriptions } = await startReporting();
    await report({ count: 80, period: '2026-04' });
    const end = { expired: true, 'expired-date': '2026-05-02' };
    await report({ ...end, count: 5 });
    await report({ ...end, count: 81, period: '2026-04' });
    expect(await subscriptions()).toMatchObject([
      {
        status: 'terminated',
        expiredDate: '2026-05-02T00:00:00.000Z',
        usage: [
          { period: '2026-05', count: '5', reports: 1 },
          { period: '2026-04', count: '81', reports: 2 },
        ],
        lastReport: { period: '2026-04', expired: true },
      },
    ]);
    expect(await report({ count: 6 })).toMatchObject({ body: { subscription: { status: 'active' } } });
    const [reopened] = await subscriptions();
    expect(reopened).toMatchObject({ status: 'active', usage: [{ count: '6' }, { count: '81' }] });
    expect(reopened).not.toHaveProperty('expiredDate');
  });
});

describe('a report without period', () => {
  test.each([
    ['2026-05-31T23:59:59.999Z', '2026-05'],
    ['2026-06-01T00:00:00.000Z', '2026-06'],
    ['2026-12-31T23:59:59.999Z', '2026-12'],
    ['2027-01-01T00:00:00.000Z', '2027-01'],
  ])('received at %s is about %s', async (receivedAt, period) => {
    const { report, time, reports } = await startReporting();
    time.now = Date.parse(receivedAt);
    expect(await report({ period: '' })).toMatchObject({ status: 201, body: { period } });
    expect(await reports()).toMatchObject([{ period, receivedAt }]);
  });
});

test('where nothing can be stored the answer is 503, and the same is taken later', async () => {
  let isAway = true;
  const { report, reports } = await startReporting({
    wrapStore: (store) => ({
      ...store,
      write: (entries) =>
        isAway ? Promise.reject(new StoreUnavailableError('disk full')) : store.write(entries),
    }),
  });
  const key = { 'idempotency-key': '1' };
  const answer = await report({}, key);
  expect(answer).toMatchObject({ status: 503, body: { status: 503 } });
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  isAway = false;
  expect(await report({}, key)).toMatchObject({ status: 201 });
  expect(await reports()).toHaveLength(1);
});

test('the log tells what became of a report, and nothing of what was in it', async () => {
  const { report, secret, logLines, time } = await startReporting();
  const private_ = { coid: 'private-customer', sku: 'private-product' };
  await report(private_, { 'idempotency-key': 'private-key' });
  await report(private_, { 'idempotency-key': 'private-key' });
  await report({ ...private_, coid: secret });
  await report({ ...private_, providerkey: `${secret.slice(0, -4)}AAAA` }, bearer(secret));
  await report({ ...private_, 'expired-date': secret, period: secret, count: secret, expired: secret });
  const wrong = await report({ ...private_, expired: 'private-word' });
  time.now += hourMs;
  const lines = () => logLines.map((line) => JSON.parse(line)).filter(({ route }) => route);
  await expect.poll(() => lines().length, patience).toBe(6);
  expect(lines().map(({ result, reason }) => reason ?? result)).toEqual([
    'created',
    'duplicate',
    'invalid_fields',
    'wrong_secret',
    'invalid_fields',
    'invalid_fields',
  ]);
  expect(lines()[5]).toMatchObject({
    requestId: wrong.body.requestId,
    route: '/update-subscription/',
    status: 400,
  });
  expect(logLines.join('')).not.toContain('private');
  expect(logLines.join('')).not.toContain(secret.slice(12));
});
