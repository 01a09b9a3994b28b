// Purchases with their stories and rejections with their replay, as people see them: both schemes, two widths, by keyboard
// alone, and with markup in every text.
import { expect, type Page } from '@playwright/test';
import { expectForEverybody, lookAt } from '../support/everybody.ts';
import type { Provider, Service } from '../support/service.ts';
import { signInAsOperator, signInAsProvider } from '../support/signIn.ts';
import { test } from './fixtures.ts';

const hostile = `<img src=x onerror="window.hacked=1">\u202e`;

/** Puts a purchase that is disputed, left something out and was refused before into the ledger. */
async function fill({ baseUrl }: Service, { partnerKey, secret }: Provider): Promise<void> {
  const post = (fields: object, headers: Record<string, string> = {}) =>
    fetch(`${baseUrl}/api/SaasTrackings`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ partnerKey, serviceName: hostile, purchasedAt: Date.now(), ...fields }),
    });
  const proven = { authorization: `Bearer ${secret}` };
  const money = { amount: '1249.90', currency: 'EUR' };
  await post({ event: 'visit', referral: hostile, landedAt: Date.now() });
  await post({ customerId: 'c-1', orderId: 'A-1', ...money, referral: hostile, landedAt: Date.now() });
  await post({ customerId: hostile, orderId: 'A-1', amount: hostile, currency: hostile });
  await post({ customerId: 'c-2', orderId: 'A-2', ...money }, proven);
  await post({ event: 'refund', customerId: 'c-2', orderId: 'A-2', ...money }, proven);
  await post({ event: 'renewal', customerId: 'c-2', orderId: 'R-1', ...money }, proven);
  await post({ customerId: hostile, orderId: 'A-3', purchasedAt: hostile });
  await post({ customerId: 'c-1', orderId: 'A-1', amount: '3', currency: 'EUR' });
}

/** Follows the first link of the table. */
const openFirst = (page: Page) => page.locator('tbody th a').first().click();

const pages: readonly { path: string; act?: (page: Page) => Promise<void>; title: string | RegExp }[] = [
  { path: 'purchases', title: 'Purchases' },
  { path: 'purchases?event=refund&from=May&campaign=x', title: 'Refunds' },
  { path: 'purchases?orderId=none', title: 'Purchases' },
  { path: 'purchases?orderId=A-1', act: openFirst, title: 'Purchase A-1' },
  { path: 'purchases?orderId=A-2', act: openFirst, title: 'Purchase A-2' },
  { path: 'purchases?event=visit', act: openFirst, title: 'Visit' },
  { path: 'clicks', title: 'Clicks' },
  { path: 'rejections', title: 'Rejections' },
  { path: 'rejections?reason=invalid_fields', act: openFirst, title: 'Fields are missing or wrong' },
  { path: 'rejections/replay?reason=invalid_fields', title: 'Replay: Fields are missing or wrong' },
];

test.describe.configure({ mode: 'parallel' });

for (const area of ['console', 'provider']) {
  test(`what stands below /${area} is for everybody, whatever is in it`, async ({
    page,
    service,
    provider,
  }) => {
    test.slow();
    await fill(service, provider);
    if (area === 'console') await signInAsOperator(page, service);
    else await signInAsProvider(page, service, provider);
    const errors: string[] = [];
    page.on('pageerror', (error) => void errors.push(String(error)));
    for (const [turn, { path, act, title }] of pages.entries()) {
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.goto(`${service.baseUrl}/${area}/${path}`);
      await act?.(page);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
      // What one area shows on a phone, the other shows on a desk.
      await lookAt(page, area === 'console' ? turn : turn + 1);
      await expectForEverybody(page, path);
      expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
    }
    // Axe leaves names behind, which no page of ours may.
    await page.goto('about:blank');
    expect(errors).toEqual([]);
  });
}

test('why an order was not attributed is found by keyboard alone', async ({ page, service, provider }) => {
  await fill(service, provider);
  await signInAsOperator(page, service);
  await page.goto(`${service.baseUrl}/console/purchases`);
  await page.getByRole('textbox', { name: 'Order' }).focus();
  await page.keyboard.type('A-2');
  await page.keyboard.press('Enter');
  await page.waitForURL(/orderId=A-2/);
  const first = page.locator('tbody th a').first();
  for (
    let steps = 0;
    steps < 40 && !(await first.evaluate((link) => link === document.activeElement));
    steps++
  ) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status')).toContainText(
    'Not attributed. Only the provider’s server has reported it',
  );
});

test('a list of purchases is saved as CSV', async ({ page, service, provider }) => {
  await fill(service, provider);
  await signInAsProvider(page, service, provider);
  await page.goto(`${service.baseUrl}/provider/purchases?verdict=server`);
  const saving = page.waitForEvent('download');
  await page.getByRole('link', { name: 'CSV' }).click();
  const file = await saving;
  expect(file.suggestedFilename()).toBe(`trackings_${provider.partnerKey}.csv`);
  const stream = await file.createReadStream();
  let text = '';
  for await (const piece of stream) text += piece;
  expect(text).toContain('A-2');
  expect(text).not.toContain('A-1');
});
