import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bearer } from '../support/purchase.ts';
import { startReporting, usage } from '../support/subscription.ts';

async function startWithReports() {
  const service = await startReporting();
  for (const count of [1, 2, 3]) {
    await service.report({ coid: `cust-${count}`, count });
    await service.report({ coid: `cust-${count}`, count, period: '2026-04', sku: 'crm-pro' });
  }
  await service.report({ coid: 'cust-1', count: 10 });
  return service;
}

async function readPages(
  { page }: Awaited<ReturnType<typeof startReporting>>,
  path: string,
  meanwhile = async () => {},
) {
  const items: Record<string, unknown>[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body } = await page(`${path}?limit=2${cursor && `&cursor=${cursor}`}`);
    const answer = body as { items: Record<string, unknown>[]; next: string | null };
    expect(answer.items.length).toBeLessThanOrEqual(2);
    items.push(...answer.items);
    cursor = answer.next;
    await meanwhile();
  }
  return items;
}

describe('GET /api/subscriptions', () => {
  test('shows what counts', async () => {
    const { report, subscriptions } = await startReporting();
    const first = await report({ count: 5 });
    const last = await report({ count: 6 });
    expect(await subscriptions()).toEqual([
      {
        id: first.body.id,
        partnerKey: 'pk_acme',
        coid: 'cust-1',
        sku: 'crm-basic',
        status: 'active',
        usage: [{ period: '2026-05', count: '6', reports: 2, receivedAt: '2026-05-04T12:00:00.000Z' }],
        lastReport: {
          id: last.body.id,
          partnerKey: 'pk_acme',
          coid: 'cust-1',
          sku: 'crm-basic',
          period: '2026-05',
          expired: false,
          count: '6',
          counted: true,
          receivedAt: '2026-05-04T12:00:00.000Z',
        },
      },
    ]);
  });

  test('misses none while reports come in between two pages', async () => {
    const service = await startWithReports();
    const items = await readPages(service, '/api/subscriptions', async () => {
      await service.report({ coid: 'cust-1', count: 11 });
    });
    expect(items.map(({ coid, sku }) => `${coid} ${sku}`)).toEqual([
      'cust-3 crm-pro',
      'cust-3 crm-basic',
      'cust-2 crm-pro',
      'cust-2 crm-basic',
      'cust-1 crm-pro',
      'cust-1 crm-basic',
    ]);
    expect(items.at(-1)).toMatchObject({ usage: [{ count: '11' }] });
  });

  test.each([
    ['coid=cust-2', ['cust-2 crm-pro', 'cust-2 crm-basic']],
    ['sku=crm-pro&coid=cust-2', ['cust-2 crm-pro']],
    ['coid=nobody', []],
    ['sku=crm-pro&limit=1', ['cust-3 crm-pro']],
  ])('is filtered by %s', async (query, found) => {
    const { list, secret } = await startWithReports();
    const items = await list(`/api/subscriptions?${query}`, secret);
    expect(items.map(({ coid, sku }) => `${coid} ${sku}`)).toEqual(found);
  });
});

describe('GET /api/subscriptions/reports', () => {
  test('shows all, newest first, page by page', async () => {
    const service = await startWithReports();
    const items = await readPages(service, '/api/subscriptions/reports');
    expect(items.map(({ coid, period, count, counted }) => [coid, period, count, counted])).toEqual([
      ['cust-1', '2026-05', '10', true],
      ['cust-3', '2026-04', '3', true],
      ['cust-3', '2026-05', '3', true],
      ['cust-2', '2026-04', '2', true],
      ['cust-2', '2026-05', '2', true],
      ['cust-1', '2026-04', '1', true],
      ['cust-1', '2026-05', '1', false],
    ]);
  });

  test.each([
    ['?coid=cust-1', ['10', '1', '1']],
    ['?coid=cust-1&sku=crm-basic', ['10', '1']],
    ['?period=2026-04', ['3', '2', '1']],
    ['?period=2026-04&sku=crm-basic', []],
  ])('is filtered by %s', async (query, counts) => {
    const { reports } = await startWithReports();
    expect((await reports(query)).map(({ count }) => count)).toEqual(counts);
  });
});

describe.each(['/api/subscriptions', '/api/subscriptions/reports'])('%s', (path) => {
  test.each(['limit=0', 'cursor=guess', 'customerId=1', 'event=visit'])('refuses %s', async (query) => {
    const { page } = await startReporting();
    const { status, body } = await page(`${path}?${query}`);
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ pointer: `/${query.split('=')[0]}` }]);
  });

  test("takes a live secret only, and shows nothing of another provider's", async () => {
    const { send, report, list, addProvider } = await startReporting();
    await report({});
    const other = await addProvider({ partnerKey: 'pk_other' });
    expect(await list(path, other.secret)).toEqual([]);
    for (const headers of [{}, bearer('pk_acme'), bearer(`os_${other.keyId}_${'A'.repeat(43)}`)]) {
      expect(await send(path, { headers })).toMatchObject({ status: 401 });
    }
    expect(await send(path, { method: 'POST' })).toMatchObject({ status: 405 });
  });
});

test('a period that is none is no filter', async () => {
  const { page } = await startReporting();
  expect(await page('/api/subscriptions/reports?period=May')).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '/period' }] },
  });
});

test('the example of docs/api.md works', async () => {
  const { send, secret, reports, time } = await startReporting();
  time.now = Date.parse('2026-11-30T12:00:00Z');
  const docs = await readFile(resolve(import.meta.dirname, '../../../docs/api.md'), 'utf8');
  const example =
    /curl -i \S+(\/update-subscription\/) -H 'authorization: Bearer os_…' -H 'idempotency-key: (.+)' \\\n +-d '(.+)'/;
  const [, path = '', idempotencyKey = '', body = ''] = example.exec(docs) ?? [];
  const headers = {
    ...bearer(secret),
    'content-type': 'application/x-www-form-urlencoded',
    'idempotency-key': idempotencyKey,
  };
  expect(await send(path, { method: 'POST', headers, body })).toMatchObject({ status: 201 });
  expect(await reports()).toMatchObject([{ coid: '42', sku: usage.sku, count: '120.5', period: '2026-11' }]);
});
