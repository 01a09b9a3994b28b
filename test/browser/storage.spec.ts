import { expect, type Page } from '@playwright/test';
import { blockBeacons } from '../support/faults.ts';
import { purchase, track } from '../support/purchase.ts';
import type { Provider, Service } from '../support/service.ts';
import { stub } from '../support/tag.ts';
import { test } from './fixtures.ts';

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

test('the same purchase from the server and from the browser is one row by the time that both were given', async ({
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
