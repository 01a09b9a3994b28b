import { describe, expect } from 'vitest';
import { StoreUnavailableError } from '../../../src/marketplace/store/errors.ts';
import { patience } from '../support/patience.ts';
import { bearer } from '../support/purchase.ts';
import { type Fields, hourMs } from '../support/service.ts';
import { startReporting, usage } from '../support/subscription.ts';
import { test } from '../support/test.ts';

test('a caller that knows the article of 2017 alone is served', async ({ acme, service }) => {
  const payload = {
    coid: '4711',
    expired: 'false',
    'expired-date': '',
    sku: 'SKU-1',
    count: '17',
    providerkey: acme.secret,
  };
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  const body = JSON.stringify(payload);
  expect(await service.send('/update-subscription/', { method: 'POST', headers, body })).toMatchObject({
    status: 201,
    body: {
      status: 'created',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      period: '2026-05',
      subscription: { coid: '4711', sku: 'SKU-1', status: 'active', count: '17' },
    },
  });
  const last = JSON.stringify({ ...payload, expired: 'True', 'expired-date': '2026-05-31', count: '' });
  expect(await service.send('/update-subscription/', { method: 'POST', headers, body: last })).toMatchObject({
    status: 201,
    body: { subscription: { status: 'terminated', expiredDate: '2026-05-31T00:00:00.000Z', count: '17' } },
  });
  expect(await acme.subscriptions()).toMatchObject([
    { coid: '4711', status: 'terminated', usage: [{ period: '2026-05', count: '17', reports: 2 }] },
  ]);
});

test.for<[string, Fields, Fields]>([
  ['TRUE with a date', { expired: ' TRUE ', 'expired-date': '2026-05-03' }, { expired: true }],
  ['a date of epoch milliseconds', { expired: true, 'expired-date': 1_777_766_400_000 }, {}],
  ['a date of an offset', { expired: true, 'expired-date': '2026-05-03T02:00:00+02:00' }, {}],
  ['a date with spaces', { expired: true, 'expired-date': ' 2026-05-03 ' }, {}],
])('%s is read', async ([_name, elements, read], { acme }) => {
  expect(await acme.report(elements)).toMatchObject({ status: 201 });
  expect(await acme.reports()).toMatchObject([{ 'expired-date': '2026-05-03T00:00:00.000Z', ...read }]);
});

test.for<[string | number | null, string | undefined]>([
  [0, '0'],
  ['0', '0'],
  ['012.50', '12.5'],
  [' 7 ', '7'],
  [0.1 + 0.2, '0.3'],
  ['999999999999999.999999999', '999999999999999.999999999'],
  ['', undefined],
  [null, undefined],
])('the count %o is stored as %o', async ([count, stored], { acme }) => {
  expect(await acme.report({ count })).toMatchObject({ status: 201 });
  expect((await acme.reports())[0]?.count).toBe(stored);
});

test('ids that are numbers are their digits', async ({ acme, service }) => {
  const body = `{"coid":90071992547409931,"sku":7,"expired":false,"providerkey":"${acme.secret}"}`;
  expect(await service.send('/update-subscription/', { method: 'POST', body })).toMatchObject({
    status: 201,
  });
  expect(await acme.reports()).toMatchObject([{ coid: '90071992547409931', sku: '7' }]);
});

test('a date beside expired: false is left out and named, however it is written', async ({ acme }) => {
  const { status, body } = await acme.report({ 'expired-date': '0000-00-00' });
  expect({ status, ignored: body.ignored }).toEqual({ status: 201, ignored: ['expired-date'] });
  const [subscription] = await acme.subscriptions();
  expect(subscription).not.toHaveProperty('expiredDate');
});

describe('the count that counts', () => {
  test('is the newest, whatever was said before: A, B, A', async ({ acme }) => {
    for (const count of [10, 25, 10]) {
      expect(await acme.report({ count })).toMatchObject({
        body: { subscription: { count: String(count) } },
      });
    }
    expect(await acme.subscriptions()).toMatchObject([
      { usage: [{ period: '2026-05', count: '10', reports: 3 }] },
    ]);
    const history = await acme.reports();
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

  test('stays where a report says none, and is taken back by 0', async ({ acme }) => {
    await acme.report({ count: 30 });
    expect(await acme.report({ count: '' })).toMatchObject({ body: { subscription: { count: '30' } } });
    expect(await acme.subscriptions()).toMatchObject([{ usage: [{ count: '30', reports: 2 }] }]);
    await acme.report({ count: 0 });
    expect(await acme.subscriptions()).toMatchObject([{ usage: [{ count: '0', reports: 3 }] }]);
  });

  test('is each period, product, customer and provider its own', async ({ acme, addProvider }) => {
    const other = await addProvider();
    await acme.report({ count: 1 });
    await acme.report({ count: 2, period: '2026-04' });
    await acme.report({ count: 3, sku: 'crm-pro' });
    await acme.report({ count: 4, coid: 'cust-2' });
    await other.report({ count: 5 });
    const counts = (await acme.subscriptions()).map(({ coid, sku, usage }) => [coid, sku, usage]);
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
    expect(await other.subscriptions()).toMatchObject([{ usage: [{ count: '5' }] }]);
    expect((await acme.reports()).map(({ counted }) => counted)).toEqual([true, true, true, true]);
    const silent = await acme.report({ count: '', period: '2026-03' });
    expect(silent.body.subscription).not.toHaveProperty('count');
  });
});

describe('a subscription', () => {
  test('ends, takes a last correction of an earlier period, and opens again', async ({ acme }) => {
    await acme.report({ count: 80, period: '2026-04' });
    const end = { expired: true, 'expired-date': '2026-05-02' };
    await acme.report({ ...end, count: 5 });
    await acme.report({ ...end, count: 81, period: '2026-04' });
    expect(await acme.subscriptions()).toMatchObject([
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
    expect(await acme.report({ count: 6 })).toMatchObject({ body: { subscription: { status: 'active' } } });
    const [reopened] = await acme.subscriptions();
    expect(reopened).toMatchObject({ status: 'active', usage: [{ count: '6' }, { count: '81' }] });
    expect(reopened).not.toHaveProperty('expiredDate');
  });
});

describe('a report without period', () => {
  test.for<[string, string]>([
    ['2026-05-31T23:59:59.999Z', '2026-05'],
    ['2026-06-01T00:00:00.000Z', '2026-06'],
    ['2026-12-31T23:59:59.999Z', '2026-12'],
    ['2027-01-01T00:00:00.000Z', '2027-01'],
  ])('received at %s is about %s', async ([receivedAt, period], { acme, service }) => {
    service.time.now = Date.parse(receivedAt);
    expect(await acme.report({ period: '' })).toMatchObject({ status: 201, body: { period } });
    expect(await acme.reports()).toMatchObject([{ period, receivedAt }]);
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
