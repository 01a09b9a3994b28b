// Lists as CSV: what programs and spreadsheets make of them.
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { expect } from 'vitest';
import { createLister } from '../../src/marketplace/reading/lister.ts';
import { lists } from '../../src/marketplace/reading/lists.ts';
import { StoreUnavailableError } from '../../src/marketplace/store/errors.ts';
import { parseCsv } from './support/csv.ts';
import { patience } from './support/patience.ts';
import { bearer, purchase, purchaseEntry } from './support/purchase.ts';
import { type Provider, type Service, startMs, startService } from './support/service.ts';
import { test } from './support/test.ts';

/** As a program asks for it. */
async function save(service: Service, path: string, { secret }: Provider, accept = 'text/csv') {
  const response = await fetch(service.baseUrl + path, { headers: { ...bearer(secret), accept } });
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, text: bytes.toString() };
}

test('a list as CSV has the names of its JSON in the first line, and says there what it is', async ({
  acme,
  service,
}) => {
  await acme.post({ ...purchase, orderId: 'A-1', amount: '49.90', currency: 'EUR' });
  await acme.post({ ...purchase, orderId: 'A-2', amount: '49,90 €' }, bearer(acme.secret));
  const { status, headers, text } = await save(service, '/api/SaasTrackings?trust=unsigned', acme);
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
  expect(headers.get('vary')).toMatch(/accept/i);
  expect(headers.get('content-disposition')).toBe(`attachment; filename="trackings_${acme.partnerKey}.csv"`);
  const { names, rows } = parseCsv(text);
  expect(names.slice(0, 3)).toEqual(['id', 'event', 'partnerKey']);
  expect(names.at(-1)).toBe(
    `trackings; trust=unsigned; partnerKey=${acme.partnerKey}; times in UTC; written ${new Date(startMs).toISOString()}`,
  );
  expect(rows).toMatchObject([
    { orderId: 'A-2', amount: '', trust: 'server', ignored: 'amount: 49,90 €', 'levels.amount': '' },
    { orderId: 'A-1', amount: '49.90', currency: 'EUR', 'levels.amount': 'unsigned', verdict: 'none' },
  ]);
  const [first] = await acme.rows();
  expect(rows[0]).toMatchObject({
    id: first?.id,
    purchasedAt: first?.purchasedAt,
    receivedAt: first?.receivedAt,
  });
});

test('times are those of the zone, and its days are what is asked for', async ({ acme, service }) => {
  // In Kathmandu, 05:45 ahead, the 5th begins at 18:15 UTC.
  for (const time of ['2026-05-04T18:14:59Z', '2026-05-04T18:15:00Z']) {
    await acme.post({ ...purchase, purchasedAt: time, orderId: time });
  }
  const path = '/api/SaasTrackings?from=2026-05-05&zone=Asia/Kathmandu';
  const { headers, text } = await save(service, path, acme);
  const { names, rows } = parseCsv(text);
  expect(rows.map(({ purchasedAt }) => purchasedAt)).toEqual(['2026-05-05T00:00:00.000+05:45']);
  expect(names.at(-1)).toContain('from=2026-05-05; ');
  expect(names.at(-1)).toContain('times in Asia/Kathmandu; ');
  expect(headers.get('content-disposition')).toContain('_from_2026-05-05.csv');
  const wrong = await service.send('/api/clicks?zone=Mars/Base', { headers: bearer(acme.secret) });
  expect(wrong).toMatchObject({ status: 400, body: { errors: [{ pointer: '/zone' }] } });
});

test('a file by .csv is for people: it begins with a byte order mark', async ({ acme, service }) => {
  for (const path of Object.keys(lists)) {
    const { status, text } = await save(service, `${path}.csv`, acme, '*/*');
    expect({ path, status, start: text.slice(0, 3) }).toEqual({ path, status: 200, start: '\uFEFFid' });
    expect((await save(service, path, acme)).text.slice(0, 2)).toBe('id');
    expect((await save(service, path, acme, '*/*')).headers.get('content-type')).toContain('json');
  }
});

test('all pages are in it, or as many rows as are wanted', async ({ acme, service }) => {
  const { id: providerId = 0 } = (await service.store.findProvider(acme.partnerKey)) ?? {};
  const orders = Array.from({ length: 2_100 }, (_, index) => `A-${index}`);
  await service.store.write(orders.map((orderId) => purchaseEntry(providerId, orderId, startMs)));
  const read = async (query: string) =>
    parseCsv((await save(service, `/api/SaasTrackings${query}`, acme)).text).rows.map(({ id }) => id);
  const all = await read('');
  expect(new Set(all).size).toBe(2_100);
  expect(all).toEqual([...all].sort().reverse());
  expect(await read('?limit=3')).toEqual(all.slice(0, 3));
  const { body } = await service.send('/api/SaasTrackings?limit=1000', { headers: bearer(acme.secret) });
  expect(await read(`?cursor=${body.next}`)).toEqual(all.slice(1_000));
});

test('an empty list is its first line alone', async ({ acme, service }) => {
  const { names, rows } = parseCsv((await save(service, '/api/rejections?reason=conflict', acme)).text);
  expect(rows).toEqual([]);
  expect(names.at(-1)).toContain('rejections; reason=conflict; ');
});

test.for([
  ['=HYPERLINK("http://evil.example","x")', `'=HYPERLINK("http://evil.example","x")`],
  ['+1+1', "'+1+1"],
  ['-2+3', "'-2+3"],
  ['-12.50', '-12.50'],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['＝1+1', "'＝1+1"],
  ['\u200B=1', "'\u200B=1"],
  ['a=b', 'a=b'],
  ['a line\n=1+1', "a line\n'=1+1"],
  ['a\nb', 'a\nb'],
  ['a; =1+1;b', "a; '=1+1;b"],
  ['"quoted", and\nbroken', '"quoted", and\nbroken'],
  ['esc \u001b[2J', 'esc \\u001b[2J'],
  ['turned \u202Eabc', 'turned \\u202eabc'],
])('a customer called %j is no formula and turns nothing', async ([sent = '', shown], { acme, service }) => {
  await acme.post({ ...purchase, customerId: sent });
  const { rows } = parseCsv((await save(service, '/api/SaasTrackings', acme)).text);
  expect(rows.map(({ customerId }) => customerId)).toEqual([shown]);
});

test('what was left out is no formula either, and what is refused', async ({ acme, service }) => {
  await acme.post({ ...purchase, amount: '=1+1' });
  await acme.post({ ...purchase, serviceName: '\t=1+1', customerId: '' });
  const trackings = parseCsv((await save(service, '/api/SaasTrackings', acme)).text);
  expect(trackings.rows).toMatchObject([{ ignored: 'amount: =1+1' }]);
  const rejections = parseCsv((await save(service, '/api/rejections', acme)).text);
  expect(rejections.rows).toMatchObject([{ serviceName: "'\\u0009=1+1", customerId: '' }]);
});

test('without a live secret there is none', async ({ acme, service }) => {
  const wrong = { ...acme, secret: 'os_wrong' };
  for (const path of ['/api/SaasTrackings', '/api/SaasTrackings.csv']) {
    expect((await save(service, path, wrong)).status).toBe(401);
  }
  expect((await save(service, '/api/clicks.csv?limit=0', acme)).status).toBe(400);
});

/** A service whose list has no end, and how many pages of it were read. */
async function startEndless(failAt = Number.POSITIVE_INFINITY) {
  const pages = { read: 0 };
  const item = { id: '0198f3c2-7a10-7b3e-9c41-5d2f8e6a1b07', listing: 'x'.repeat(200) };
  const service = await startService({
    openLister: (_database, store) => ({
      ...createLister(store),
      read: async () => {
        if (++pages.read >= failAt) throw new StoreUnavailableError(new Error('gone'), 'broken');
        return Buffer.from(JSON.stringify({ items: Array(1_000).fill(item), next: item.id }));
      },
    }),
  });
  return { service, acme: await service.addProvider(), pages };
}

async function expectNoMore(pages: { read: number }): Promise<void> {
  let before: number | undefined;
  function isStill(): boolean {
    const isSame = before === pages.read;
    before = pages.read;
    return isSame;
  }
  await expect.poll(isStill, { ...patience, interval: 100 }).toBe(true);
}

test('nothing more is read for who has gone, or reads no more', async () => {
  const { service, acme, pages } = await startEndless();
  const request = get(`${service.baseUrl}/api/clicks.csv`, { headers: bearer(acme.secret) });
  const [reading] = (await once(request, 'response')) as [IncomingMessage];
  // Read by nobody, it waits: what is on the way fills up, and then no page is asked for.
  await expectNoMore(pages);
  expect(pages.read).toBeLessThan(200);
  reading.resume();
  const then = pages.read;
  await expect.poll(() => pages.read, patience).toBeGreaterThan(then + 5);
  reading.destroy();
  await expectNoMore(pages);
});

test('what fails at first is an answer, and what fails later breaks the file off', async () => {
  const first = await startEndless(1);
  expect((await save(first.service, '/api/clicks', first.acme)).status).toBe(503);
  const later = await startEndless(3);
  await expect(save(later.service, '/api/clicks', later.acme)).rejects.toThrow();
});
