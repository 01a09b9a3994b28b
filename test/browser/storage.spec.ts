import { expect, type Page } from '@playwright/test';
import { beacons, blockBeacons, blockImages } from '../support/faults.ts';
import { test } from '../support/fixtures.ts';
import { purchase, track } from '../support/purchase.ts';
import type { Provider, Service } from '../support/service.ts';
import { stub } from '../support/tag.ts';

/** All that the page's origin stores, in every place where a page can store. */
function storedBy(page: Page) {
  return page.evaluate(async () => ({
    localStorage: Object.entries(localStorage),
    sessionStorage: Object.entries(sessionStorage),
    databases: await indexedDB.databases(),
    caches: await caches.keys(),
    cookies: document.cookie.split('; ').map((cookie) => cookie.split('=')[0]),
  }));
}

/** Whether each purchase in localStorage waits for its proof still. */
function waiting(page: Page): Promise<boolean[]> {
  return page.evaluate(() =>
    Object.entries(localStorage)
      .filter(([key]) => /^onramp_[^.]+\./.test(key))
      .map(([, text]) => text !== ''),
  );
}

/** What a page can meet; each runs before the page. */
const storages = {
  'localStorage is denied': () => {
    Object.defineProperty(window, 'localStorage', {
      get() {
        throw new DOMException('denied', 'SecurityError');
      },
    });
  },
  'localStorage is null': () => {
    Object.defineProperty(window, 'localStorage', { value: null });
  },
  'localStorage is full': () => {
    for (let size = 4_194_304; size >= 1; size = size / 2) {
      for (let piece = 0; ; piece++) {
        try {
          localStorage.setItem(`page-${size}-${piece}`, 'x'.repeat(size));
        } catch {
          break;
        }
      }
    }
  },
  'cookies are refused': () => {
    Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set: () => {} });
  },
};

for (const [name, spoil] of Object.entries(storages)) {
  test(`where ${name}, a landing and a purchase by beacon arrive`, async ({
    page,
    site,
    tag,
    expectLedger,
  }) => {
    await blockImages(page.context());
    await page.addInitScript(spoil);
    await page.goto(`${site.page('/', stub + tag())}?onramp_ref=r`);
    expect(await track(page)).toEqual({ status: 'sent' });
    await expectLedger({ visits: 1, purchases: [{ ...purchase, referral: 'r' }] });
  });

  test(`where ${name}, a landing and a purchase by image arrive`, async ({
    page,
    site,
    tag,
    expectLedger,
  }) => {
    await page.addInitScript(beacons['is missing']);
    await page.addInitScript(spoil);
    await page.goto(`${site.page('/', stub + tag())}?onramp_ref=r`);
    expect(await track(page)).toEqual({ status: 'sent' });
    expect(await track(page)).toEqual({ status: 'duplicate' });
    await expectLedger({ visits: 1, purchases: [{ ...purchase, referral: 'r' }] });
  });
}

test('where nothing takes a purchase it is held, and arrives from the living page', async ({
  page,
  service,
  site,
  tag,
  expectLedger,
}) => {
  await page.addInitScript(beacons['is missing']);
  await page.addInitScript(storages['localStorage is denied']);
  await page.goto(site.page('/', stub + tag()));
  await service.pause();
  expect(await track(page)).toEqual({ status: 'held' });
  await service.resume();
  await expectLedger({ purchases: [purchase] });
});

test('where cookies are refused localStorage keeps the referral for the next page', async ({
  page,
  site,
  tag,
  expectLedger,
}) => {
  await page.addInitScript(storages['cookies are refused']);
  const landing = site.page('/', stub + tag());
  await page.goto(`${landing}?onramp_ref=r`);
  expect(await page.evaluate(() => window.onrampTrack('referral'))).toMatchObject({ id: 'r' });
  await page.goto(landing);
  expect(await page.evaluate(() => window.onrampTrack('referral'))).toMatchObject({ id: 'r' });
  await expectLedger({ visits: 1 });
});

test('where cookies are refused and localStorage is full, a landing and a purchase arrive', async ({
  page,
  site,
  tag,
  expectLedger,
}) => {
  await page.addInitScript(storages['cookies are refused']);
  await page.addInitScript(storages['localStorage is full']);
  await page.goto(`${site.page('/', stub + tag({ ...purchase, track: 'purchase' }))}?onramp_ref=r`);
  await expectLedger({ visits: 1, purchases: [purchase] });
  // It was full indeed.
  expect(await waiting(page)).toEqual([]);
});

test('from a sandboxed frame, where all storage is denied, a landing and a purchase arrive', async ({
  page,
  site,
  tag,
  expectLedger,
}) => {
  const framed = `${site.page('/framed', stub + tag())}?onramp_ref=r`;
  await page.goto(site.page('/', `<iframe sandbox="allow-scripts" src="${framed}"></iframe>`));
  const frame = page.frame({ url: framed });
  expect(await frame?.evaluate((given) => window.onrampTrack(given), purchase)).toEqual({ status: 'sent' });
  expect(await frame?.evaluate(() => window.onrampTrack('referral'))).toMatchObject({ id: 'r' });
  await expectLedger({ visits: 1, purchases: [{ ...purchase, referral: 'r' }] });
});

test('garbage under our names stops nothing', async ({
  page,
  context,
  site,
  provider,
  tag,
  expectLedger,
}) => {
  const name = `onramp_${provider.partnerKey}`;
  await context.addCookies([{ name, value: '%E0%A4%A&&=landedAt=%00', url: site.origin }]);
  await page.goto(site.page('/garbage', ''));
  await page.evaluate((key) => {
    const endings = ['', '.', '..', '.1', '.x.y', '.NaN.1', '.-1.1', `.${Date.now()}.1`];
    for (const ending of endings) localStorage[key + ending] = `garbage \ud800 &=%${ending}`;
  }, name);
  await page.goto(site.page('/', stub + tag()));
  expect(await page.evaluate(() => window.onrampTrack('referral'))).toBeNull();
  expect(await track(page)).toEqual({ status: 'sent' });
  await expectLedger({ purchases: [purchase] });
  // The service has refused the garbage for good.
  await expect(async () => expect(await waiting(page)).toEqual([false])).toPass();
});

test('a proven purchase leaves nothing but the referral and a mark', async ({
  page,
  site,
  provider,
  tag,
  expectLedger,
}) => {
  await page.goto(`${site.page('/thanks', tag({ ...purchase, track: 'purchase' }))}?onramp_ref=r`);
  await expectLedger({ visits: 1, purchases: [purchase] });
  await expect(async () => expect(await waiting(page)).toEqual([false])).toPass();
  const name = `onramp_${provider.partnerKey}`;
  expect(await storedBy(page)).toEqual({
    localStorage: [[expect.stringMatching(new RegExp(`^${name}\\.\\d{13}\\.\\d+$`)), '']],
    sessionStorage: [],
    databases: [],
    caches: [],
    cookies: [name],
  });
});

test('a refused purchase leaves nothing', async ({ page, site, tag, expectLedger }) => {
  await page.goto(site.page('/', stub + tag()));
  expect(await track(page, { ...purchase, purchasedAt: '1999-12-31' })).toEqual({ status: 'sent' });
  await expectLedger({ rejections: 1 });
  await expect(async () => expect(await waiting(page)).toEqual([])).toPass();
});

test('a customer who buys twice is recorded twice', async ({ page, site, tag, expectLedger }) => {
  await page.goto(site.page('/', stub + tag()));
  const orders = [purchase, { ...purchase, orderId: 'o-2' }];
  for (const order of orders) expect(await track(page, order)).toEqual({ status: 'sent' });
  await expectLedger({ purchases: orders });
});

test('a hundred calls at once all arrive', async ({ page, site, tag, expectLedger }) => {
  await page.goto(site.page('/', stub + tag()));
  const orders = Array.from({ length: 100 }, (_, index) => ({ ...purchase, orderId: `o-${index}` }));
  const receipts = await page.evaluate(
    (given) => Promise.all(given.map((order) => window.onrampTrack(order))),
    orders,
  );
  expect(receipts).toEqual(orders.map(() => ({ status: 'sent' })));
  await expectLedger({ purchases: orders });
});

for (const [name, character] of Object.entries({ 'CJK characters': '你', emoji: '🚀' })) {
  test(`the longest names that the service takes, of ${name}, arrive by image alone`, async ({
    page,
    context,
    site,
    tag,
    expectLedger,
  }) => {
    const longest = character.repeat(200);
    const names = { serviceName: longest, customerId: longest };
    await page.goto(`${site.page('/', stub + tag())}?onramp_ref=${'r'.repeat(300)}`);
    await blockBeacons(context);
    expect(await track(page, { ...names, orderId: longest })).toEqual({ status: 'sent' });
    await expectLedger({ visits: 1, purchases: [{ ...names, orderId: longest }] });
    await expect(async () => expect(await waiting(page)).toEqual([false])).toPass();
  });
}

/** The provider's backend, which tracks the same purchase by itself. */
async function trackFromServer(service: Service, { partnerKey, secret }: Provider, fields: object) {
  const response = await fetch(`${service.baseUrl}/api/SaasTrackings`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ partnerKey, purchasedAt: new Date().toISOString(), ...fields }),
  });
  return response.status;
}

test.describe('the same order from the server and from the browser is one row', () => {
  const merged = { ...purchase, amount: '49.9', currency: 'EUR', trust: 'server', referral: 'r' };

  test('the server first', async ({ page, service, provider, site, tag, expectLedger }) => {
    expect(await trackFromServer(service, provider, { ...purchase, amount: 49.9, currency: 'EUR' })).toBe(
      201,
    );
    await page.goto(`${site.page('/', stub + tag())}?onramp_ref=r`);
    expect(await track(page)).toEqual({ status: 'sent' });
    await expectLedger({ visits: 1, purchases: [merged] });
  });

  test('the browser first', async ({ page, service, provider, site, tag, expectLedger }) => {
    await page.goto(`${site.page('/', stub + tag())}?onramp_ref=r`);
    expect(await track(page)).toEqual({ status: 'sent' });
    await expectLedger({ visits: 1, purchases: [{ ...purchase, trust: 'origin' }] });
    expect(await trackFromServer(service, provider, { ...purchase, amount: 49.9, currency: 'EUR' })).toBe(
      200,
    );
    await expectLedger({ visits: 1, purchases: [merged] });
  });

  test('by a time that both were given, without order id', async ({
    page,
    service,
    provider,
    site,
    tag,
    expectLedger,
  }) => {
    const { orderId, ...customer } = purchase;
    const given = { ...customer, purchasedAt: '2026-01-02T03:04:05Z' };
    await page.goto(site.page('/', stub + tag()));
    expect(await track(page, { ...given, purchasedAt: Date.parse(given.purchasedAt) })).toEqual({
      status: 'sent',
    });
    await expectLedger({ purchases: [{ ...customer, trust: 'origin' }] });
    expect(await trackFromServer(service, provider, given)).toBe(200);
    await expectLedger({ purchases: [{ ...customer, trust: 'server' }] });
  });
});

/** A service worker that puts a picture of its own in the place of each image that it can't get. */
const offlinePictures = `
  const picture = Uint8Array.from(atob('R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=='), (c) => c.charCodeAt(0));
  addEventListener('install', () => skipWaiting());
  addEventListener('activate', (event) => event.waitUntil(clients.claim()));
  addEventListener('fetch', (event) => {
    if (event.request.destination !== 'image') return;
    const own = () => new Response(picture, { headers: { 'content-type': 'image/gif' } });
    event.respondWith(fetch(event.request).catch(own));
  });`;

test("a service worker's offline picture proves nothing", async ({
  page,
  service,
  site,
  tag,
  expectLedger,
}) => {
  site.script('/worker.js', offlinePictures);
  await page.goto(site.page('/', stub + tag()));
  await page.evaluate(async () => {
    await navigator.serviceWorker.register('/worker.js');
    if (!navigator.serviceWorker.controller)
      await new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done));
  });
  await service.pause();
  const answered = page.waitForEvent('requestfinished', (request) => request.url().includes('.gif?'));
  expect(await track(page)).toEqual({ status: 'sent' });
  const response = await (await answered).response();
  expect([response?.status(), response?.fromServiceWorker()]).toEqual([200, true]);
  expect(await waiting(page)).toEqual([true]);
  await service.resume();
  await expectLedger({ purchases: [purchase] });
  await expect(async () => expect(await waiting(page)).toEqual([false])).toPass();
});
