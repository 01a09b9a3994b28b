// The dashboard, by HTTP: figures of a known ledger, who waits for what, and whether it is told that something changed.
import { describe, expect } from 'vitest';
import { type Browser, createBrowser, signInOperator, signInProvider } from '../support/browser.ts';
import type { AtEnd } from '../support/files.ts';
import { patience } from '../support/patience.ts';
import { bearer, purchase } from '../support/purchase.ts';
import { type Service, startMs, startService } from '../support/service.ts';
import { test as base } from '../support/test.ts';

const hostile = '<img src=x onerror=alert(1)>';
let count = 0;

async function openConsole(service: Service): Promise<Browser> {
  return await signInOperator(service, `operator ${++count}`);
}

/** The text of a page without its tags, in one line. */
function textOf(page: string): string {
  return page
    .replaceAll(/<(script|style)[^>]*>.*?<\/\1>/gs, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ');
}

/**
 * A ledger of one campaign: clicks, a visit, a signup, two purchases of which one came from nowhere, a refund; a message
 * that was refused, and a report.
 */
async function startWithLedger(atEnd: AtEnd) {
  const service = await startService({ atEnd });
  const acme = await service.addProvider();
  await acme.addListing('acme');
  const person = {
    headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' },
  };
  const { headers } = await service.send('/go/acme?campaign=tuesday', person);
  await service.send('/go/acme?campaign=tuesday', person);
  const referral = new URL(headers.get('location') ?? '').searchParams.get('onramp_ref') ?? '';
  const came = { referral, referralSource: 'param', landedAt: startMs };
  await acme.post({ partnerKey: 'pk_acme', event: 'visit', ...came });
  await acme.post({ ...purchase, event: 'signup', ...came });
  const order = { ...purchase, purchasedAt: startMs, orderId: 'o-1', amount: '49.90', currency: 'EUR' };
  await acme.post({ ...order, ...came });
  await acme.post(order, bearer(acme.secret));
  await acme.post({ ...order, orderId: 'o-2', customerId: 'c-2', amount: '1000', currency: 'JPY' });
  await acme.post({ ...order, event: 'refund', amount: '10', purchasedAt: startMs + 1 }, bearer(acme.secret));
  await acme.post({ ...purchase, customerId: '' });
  await acme.report({ period: '2026-03' });
  return { service, browser: await openConsole(service) };
}

const test = base.extend('ledger', { scope: 'file' }, ({ atEndOfFile }) => startWithLedger(atEndOfFile));

test('the overview has the figures of the ledger, each currency by itself', async ({ ledger }) => {
  const { browser } = ledger;
  const { status, text } = await browser.get('/console?period=today');
  expect(status).toBe(200);
  const said = textOf(text);
  for (const words of [
    'Clicks 2 0 before',
    'Visits 1 0 before',
    'Signups 1 0 before',
    'Purchases 2 0 before',
    'Attributed 50 %',
    'Believed 50 %',
    'Net, EUR 39.90 0.00 before',
    'Gross, EUR 49.90 0.00 before',
    'Refunded, EUR 10.00 0.00 before',
    'Net, JPY 1,000 0 before',
  ]) {
    expect(said).toContain(words);
  }
});

test("did Tuesday's campaign bring accounts, and did any get lost: by three links from the overview", async ({
  ledger,
}) => {
  const { service, browser } = ledger;
  const overview = await browser.get('/console');
  // 2026-05-04 is a Monday; the day of the course is a link to it alone.
  const [, day = ''] = /href="(\?[^"]*)">Mon, 4 May 2026/.exec(overview.text) ?? [];
  const ofDay = await browser.get(`/console${day.replaceAll('&amp;', '&')}`);
  const [, campaign = ''] = /href="(\?[^"]*)"><bdi>tuesday/.exec(ofDay.text) ?? [];
  const { text } = await browser.get(`/console${campaign.replaceAll('&amp;', '&')}`);
  const said = textOf(text);
  expect(said).toContain('Mon, 4 May 2026, against');
  expect(said).toContain('Campaign: tuesday');
  for (const words of [
    'Clicks 2',
    'Visits 1',
    'Purchases 1',
    'Attributed 100 %',
    'Page and server both have reported it, and they match 1 100 %',
  ]) {
    expect(said).toContain(words);
  }
  expect(said).toContain('1 kind of message refused in the last day');
  expect(said).toContain(
    '2 clicks brought 1 visit, 1 signup, and 1 purchase , all by the marketplace. Lost or waiting : 1 message refused.',
  );
  expect(said).toMatch(
    /What got lost .*Fields are missing or wrong refused: it can be replayed once that is mended 1/,
  );
  expect(service.logLines.join()).not.toContain('tuesday');
});

test('figures are files as well, of the same query, for who has signed in', async ({ ledger }) => {
  const { service, browser } = ledger;
  const { text } = await browser.get('/console?period=today');
  const links = [...text.matchAll(/href="([^"]*figures\.(?:csv|json)[^"]*)"/g)].map(([, link = '']) =>
    new URL(link.replaceAll('&amp;', '&'), `${service.baseUrl}/console`).href.slice(service.baseUrl.length),
  );
  expect(links).toHaveLength(2);
  const [csv, json] = await Promise.all(links.map((link) => browser.get(link)));
  expect(csv?.headers.get('content-type')).toMatch(/^text\/csv/);
  expect(csv?.text).toMatch(/tuesday/);
  const { items } = JSON.parse(json?.text ?? '');
  expect(items).toMatchObject([
    { campaign: null, purchases: 1 },
    { campaign: 'tuesday', clicks: 2, purchases: 1 },
  ]);
  for (const link of links) expect((await createBrowser(service).get(link)).status).toBe(401);
  expect((await browser.get('/console/figures.csv?by=nonsense')).status).toBe(400);
});

test('no link of the dashboard leads nowhere', async ({ ledger }) => {
  const { service, browser } = ledger;
  const seen = new Set<string>();
  const pages = ['/console', '/console/coverage', '/console/orders', '/console/subscriptions'];
  for (const page of pages) {
    const { text } = await browser.get(page);
    for (const [, href = ''] of text.matchAll(/<a [^>]*href="([^"]+)"/g)) {
      const { pathname, search } = new URL(href.replaceAll('&amp;', '&'), service.baseUrl + page);
      seen.add(pathname + search);
    }
  }
  expect(seen.size).toBeGreaterThan(40);
  for (const path of seen) expect([path, (await browser.get(path)).status]).toEqual([path, 200]);
});

test('coverage says by week who has reported the purchases', async ({ ledger }) => {
  const { browser } = ledger;
  const { text } = await browser.get('/console/coverage?campaign=tuesday');
  expect(text).toMatch(/figures\.csv\?[^"]*by=week%2CpartnerKey[^"]*campaign=tuesday/);
  expect(textOf(text)).toContain('4 May 2026 1 1 100 % 0 0 % 0 0 %');
});

test('whatever is asked for is answered by a page', async ({ service, acme: _acme }) => {
  const browser = await openConsole(service);
  for (const query of [
    'period=nonsense',
    'from=2026-13-01',
    'from=1900-01-01&to=2026-01-01',
    `campaign=${encodeURIComponent(hostile)}&service=%00&partnerKey=nobody`,
    'zone=Mars/Olympus&by=x&measure=net.x&lines=y',
    'zone=Asia/Kathmandu&period=90d&lines=apart&by=partnerKey&measure=net.EUR',
    'from=2010-01-01&to=2026-05-04',
  ]) {
    const { status, text } = await browser.get(`/console?${query}`);
    expect([query, status]).toEqual([query, 200]);
    expect(text).not.toContain('<img src=x');
  }
});

test('pages are for operators', async ({ service, acme }) => {
  const provider = await signInProvider(service, acme);
  for (const path of [
    '',
    '/coverage',
    '/orders',
    '/subscriptions',
    '/live',
    '/figures.csv',
    '/figures.json',
  ]) {
    for (const browser of [provider, createBrowser(service)]) {
      const { status, text } = await browser.get(`/console${path}`);
      expect([path, status]).toEqual([path, 401]);
      expect(text).not.toContain(acme.partnerKey);
    }
  }
});

describe('an order', () => {
  const id = '0198f3c2-7a10-7b3e-9c41-5d2f8e6a1b07';

  async function startWithOrder() {
    const service = await startService();
    await service.addProvider();
    const { store } = service;
    await store.createOrder({
      id,
      token: 'A'.repeat(22),
      providerId: 1,
      fields: { name: hostile, email: 'ada@buyer.example', resellerkey: 'rk-secret' },
      fingerprint: new Uint8Array(16),
      hasPassword: true,
      createdAt: startMs - 3 * 3_600_000,
    });
    await store.changeOrder({ id, providerId: 1 }, { status: 'undecided' }, ['under_way'], startMs);
    return { service, browser: await openConsole(service) };
  }

  test('that waits is listed with what to do, and named among what needs somebody', async () => {
    const { browser } = await startWithOrder();
    expect(textOf((await browser.get('/console')).text)).toContain(
      'Now 1 order, of which nobody knows whether there is an account',
    );
    const { text } = await browser.get('/console/orders');
    expect(textOf(text)).toMatch(/In doubt.*3 hours.*Ask the provider/);
    expect(text).not.toContain(hostile);
    expect(textOf((await browser.get('/console/orders?queue=made')).text)).toContain('There is none');
    const page = await browser.get(`/console/orders/${id}`);
    expect(page.text).toContain('ada@buyer.example');
    expect(page.text).not.toContain('rk-secret');
  });

  test('is settled by its form, which is told in the audit trail', async () => {
    const { service, browser } = await startWithOrder();
    const wrong = await browser.post(`/console/orders/${id}`, { decision: 'made', coid: ' ' });
    expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining('aria-invalid')]);
    const settled = await browser.post(`/console/orders/${id}`, { decision: 'made', coid: 'cust-7' });
    expect([settled.status, settled.headers.get('location')]).toEqual([303, `../../console/orders/${id}`]);
    expect(await service.store.findOrder(id)).toMatchObject({ status: 'succeeded', coid: 'cust-7' });
    const again = await browser.post(`/console/orders/${id}`, { decision: 'failed' });
    expect([again.status, textOf(again.text)]).toEqual([409, expect.stringContaining('nothing to settle')]);
    expect(await service.store.listAudit({ limit: 1 })).toMatchObject([
      { action: 'settled an order as made', detail: id },
    ]);
  });

  test('is sent once more', async () => {
    const { service, browser } = await startWithOrder();
    expect((await browser.post(`/console/orders/${id}`, { decision: 'retry' })).status).toBe(303);
    expect(await service.store.findOrder(id)).toMatchObject({ status: 'waiting' });
  });

  test('that is none is not there', async ({ service, acme: _acme }) => {
    const browser = await openConsole(service);
    for (const wrong of [id, 'nonsense', "'"]) {
      expect((await browser.get(`/console/orders/${wrong}`)).status).toBe(404);
      expect((await browser.post(`/console/orders/${wrong}`, { decision: 'failed' })).status).toBe(404);
    }
  });
});

test('subscriptions without a report are named, and listed by their link', async ({ service, acme }) => {
  service.time.now = Date.parse('2026-05-20T12:00:00Z');
  await acme.report({ coid: `late-${hostile}`, period: '2026-04' });
  const browser = await openConsole(service);
  expect(textOf((await browser.get('/console')).text)).toContain('without a report for 2026-05');
  const { text } = await browser.get('/console/subscriptions?missing=2026-05');
  expect(textOf(text)).toContain('late-');
  expect(text).not.toContain(hostile);
  const csv = await browser.get('/console/subscriptions.csv?missing=2026-05');
  expect(csv.text).toContain('late-');
  const all = await browser.get(`/console/subscriptions?partnerKey=${acme.partnerKey}`);
  expect(textOf(all.text)).toContain('2026-04');
});

describe('a live page', () => {
  /** The events of a stream, by their names, as they come. */
  async function listen(service: Service, { cookies }: Browser) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { cookie, accept: 'text/event-stream', 'sec-fetch-site': 'same-origin' };
    const aborter = new AbortController();
    const response = await fetch(`${service.baseUrl}/console/live`, { headers, signal: aborter.signal });
    const events: string[] = [];
    const state = { hasEnded: false };
    const reading = (async () => {
      for await (const chunk of response.body ?? []) {
        events.push(
          ...[
            ...Buffer.from(chunk)
              .toString()
              .matchAll(/^event: (.*)$/gm),
          ].map(([, name = '']) => name),
        );
      }
      state.hasEnded = true;
    })();
    reading.catch(() => undefined);
    return { response, events, state, stop: () => aborter.abort() };
  }

  test('is told that something has changed, also by another instance, and nothing else', async () => {
    const service = await startService();
    const acme = await service.addProvider();
    const other = await startService({ database: service.database });
    const { response, events, stop } = await listen(service, await openConsole(service));
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    await expect.poll(() => events, patience).toEqual(['ready']);
    // The first look has to be over, or what has happened would be part of it.
    await expect
      .poll(async () => {
        await other.post({ ...purchase, orderId: `o-${++count}`, partnerKey: acme.partnerKey });
        return events.length;
      }, patience)
      .toBeGreaterThan(1);
    expect(new Set(events)).toEqual(new Set(['ready', 'change']));
    stop();
  });

  test('ends with the service', async () => {
    const service = await startService();
    await service.addProvider();
    const { events, state } = await listen(service, await openConsole(service));
    await expect.poll(() => events, patience).toEqual(['ready']);
    await service.close();
    await expect.poll(() => state.hasEnded, patience).toBe(true);
  });
});
