import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect } from 'vitest';
import { bearer } from '../support/purchase.ts';
import { type Provider, startService } from '../support/service.ts';
import { usage } from '../support/subscription.ts';
import { test } from '../support/test.ts';

async function reportAll(acme: Provider): Promise<void> {
  for (const count of [1, 2, 3]) {
    await acme.report({ coid: `cust-${count}`, count });
    await acme.report({ coid: `cust-${count}`, count, period: '2026-04', sku: 'crm-pro' });
  }
  await acme.report({ coid: 'cust-1', count: 10 });
}

async function readPages({ page }: Provider, path: string, meanwhile = async () => {}) {
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
  test('shows what counts', async ({ acme }) => {
    const first = await acme.report({ count: 5 });
    const last = await acme.report({ count: 6 });
    expect(await acme.subscriptions()).toEqual([
      {
        id: first.body.id,
        partnerKey: acme.partnerKey,
        coid: 'cust-1',
        sku: 'crm-basic',
        status: 'active',
        usage: [{ period: '2026-05', count: '6', reports: 2, receivedAt: '2026-05-04T12:00:00.000Z' }],
        lastReport: {
          id: last.body.id,
          partnerKey: acme.partnerKey,
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

  test('misses none while reports come in between two pages', async ({ acme }) => {
    await reportAll(acme);
    const items = await readPages(acme, '/api/subscriptions', async () => {
      await acme.report({ coid: 'cust-1', count: 11 });
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

  test.for<[string, string[]]>([
    ['coid=cust-2', ['cust-2 crm-pro', 'cust-2 crm-basic']],
    ['sku=crm-pro&coid=cust-2', ['cust-2 crm-pro']],
    ['coid=nobody', []],
    ['sku=crm-pro&limit=1', ['cust-3 crm-pro']],
  ])('is filtered by %s', async ([query, found], { acme, service }) => {
    await reportAll(acme);
    const items = await service.list(`/api/subscriptions?${query}`, acme.secret);
    expect(items.map(({ coid, sku }) => `${coid} ${sku}`)).toEqual(found);
  });
});

describe('GET /api/subscriptions/reports', () => {
  test('shows all, newest first, page by page', async ({ acme }) => {
    await reportAll(acme);
    const items = await readPages(acme, '/api/subscriptions/reports');
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

  test.for<[string, string[]]>([
    ['?coid=cust-1', ['10', '1', '1']],
    ['?coid=cust-1&sku=crm-basic', ['10', '1']],
    ['?period=2026-04', ['3', '2', '1']],
    ['?period=2026-04&sku=crm-basic', []],
  ])('is filtered by %s', async ([query, counts], { acme }) => {
    await reportAll(acme);
    expect((await acme.reports(query)).map(({ count }) => count)).toEqual(counts);
  });
});

describe.each(['/api/subscriptions', '/api/subscriptions/reports'])('%s', (path) => {
  test.for(['limit=0', 'cursor=guess', 'customerId=1', 'event=visit'])(
    'refuses %s',
    async (query, { acme }) => {
      const { status, body } = await acme.page(`${path}?${query}`);
      expect(status).toBe(400);
      expect(body.errors).toMatchObject([{ pointer: `/${query.split('=')[0]}` }]);
    },
  );

  test("takes a live secret only, and shows nothing of another provider's", async ({
    acme,
    addProvider,
    service,
  }) => {
    await acme.report({});
    const other = await addProvider();
    expect(await service.list(path, other.secret)).toEqual([]);
    for (const headers of [{}, bearer('pk_acme'), bearer(`os_${other.keyId}_${'A'.repeat(43)}`)]) {
      expect(await service.send(path, { headers })).toMatchObject({ status: 401 });
    }
    expect(await service.send(path, { method: 'POST' })).toMatchObject({ status: 405 });
  });
});

test('a period that is none is no filter', async ({ acme }) => {
  expect(await acme.page('/api/subscriptions/reports?period=May')).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '/period' }] },
  });
});

test('the example of docs/api.md works', async () => {
  const service = await startService();
  const acme = await service.addProvider();
  service.time.now = Date.parse('2026-11-30T12:00:00Z');
  const docs = await readFile(resolve(import.meta.dirname, '../../../docs/api.md'), 'utf8');
  const example =
    /curl -i \S+(\/update-subscription\/) -H 'authorization: Bearer os_…' -H 'idempotency-key: (.+)' \\\n +-d '(.+)'/;
  const [, path = '', idempotencyKey = '', body = ''] = example.exec(docs) ?? [];
  const headers = {
    ...bearer(acme.secret),
    'content-type': 'application/x-www-form-urlencoded',
    'idempotency-key': idempotencyKey,
  };
  expect(await service.send(path, { method: 'POST', headers, body })).toMatchObject({ status: 201 });
  expect(await acme.reports()).toMatchObject([
    { coid: '42', sku: usage.sku, count: '120.5', period: '2026-11' },
  ]);
});
