// The dashboard in a browser: charts, what changes under the reader's eyes, the keyboard, and everybody's eyes.
import { expect, type Page } from '@playwright/test';
import { expectForEverybody, lookAt } from '../support/everybody.ts';
import { fillLedger } from '../support/fillLedger.ts';
import { signInAsOperator } from '../support/signIn.ts';
import { test } from './fixtures.ts';

/** What the page's policy keeps from running or loading is an error in the console. */
function watchConsole(page: Page): string[] {
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
  });
  page.on('pageerror', (error) => void errors.push(String(error)));
  return errors;
}

const dayMs = 86_400_000;

/** How much of the chart is drawn: pixels that aren't empty. */
async function countDrawn(page: Page): Promise<number> {
  return await page.locator('#course canvas').evaluate((canvas) => {
    if (!(canvas instanceof HTMLCanvasElement)) return 0;
    const copy = document.createElement('canvas');
    Object.assign(copy, { width: canvas.width, height: canvas.height });
    const context = copy.getContext('2d', { willReadFrequently: true });
    context?.drawImage(canvas, 0, 0);
    const { data } = context?.getImageData(0, 0, copy.width, copy.height) ?? { data: [] };
    return data.filter((value, index) => index % 4 === 3 && value > 0).length;
  });
}

test('a chart is drawn from its table, in both schemes, and says what the pointer is at', async ({
  page,
  service,
  provider,
}) => {
  const errors = watchConsole(page);
  await fillLedger(service, provider, { count: 5, lastAt: Date.now() - dayMs });
  await signInAsOperator(page, service);
  await page.goto(`${service.baseUrl}/console?partnerKey=${provider.partnerKey}&period=7d`);
  await expect(page.locator('#course canvas')).toHaveCount(1);
  expect(await countDrawn(page)).toBeGreaterThan(500);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => countDrawn(page)).toBeGreaterThan(500);
  await page.locator('#course .u-over').hover({ position: { x: 40, y: 40 } });
  await expect(page.locator('#course .point')).toContainText(
    /2\d{3} · This period: \d+ · The period before: \d+/,
  );
  await page.getByText('The numbers').click();
  await expect(page.locator('#course tbody tr')).toHaveCount(7);
  await page.locator('#course .u-over').click({ position: { x: 2, y: 40 } });
  await expect(page).toHaveURL(/from=(\d{4}-\d\d-\d\d)&to=\1&/);
  expect(errors).toEqual([]);
});

test('what has changed shows without reload; what is open, focused or paused stays as it is', async ({
  page,
  service,
  provider,
}) => {
  const errors = watchConsole(page);
  await signInAsOperator(page, service);
  await page.goto(`${service.baseUrl}/console?partnerKey=${provider.partnerKey}&period=7d`);
  await expect(page.locator('[data-live-state]')).toContainText('Live');
  await page.evaluate(() => {
    document.body.title = 'the same';
  });
  await page.getByText('The numbers').click();
  const tab = page.locator('#live-course').getByRole('link', { name: 'Signups' });
  await tab.focus();
  const purchases = page.locator('.tile', { hasText: 'Purchases' }).locator('dd').first();
  await expect(purchases).toHaveText('0');

  await fillLedger(service, provider, { count: 3, lastAt: Date.now() });
  await expect(purchases).toHaveText('3');
  await expect(page.locator('#course canvas')).toHaveCount(1);
  expect(await countDrawn(page)).toBeGreaterThan(500);
  await expect(page.locator('#course details')).toHaveAttribute('open');
  await expect(tab).toBeFocused();

  const load = () =>
    page.evaluate(
      () => performance.getEntriesByType('resource').filter(({ name }) => name.includes('/console?')).length,
    );
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.locator('[data-live-state]')).toContainText('Paused');
  const loads = await load();
  await service.addListing(`other-${provider.partnerKey}`, provider, 'https://acme.example/');
  await page.request.get(`${service.baseUrl}/go/other-${provider.partnerKey}`, { maxRedirects: 0 });
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect.poll(load).toBe(loads + 1);
  await expect(page.locator('body')).toHaveAttribute('title', 'the same');
  expect(errors).toEqual([]);
});

test('a page that lost its service says so, and shows what came meanwhile once it is back', async ({
  page,
  provider,
  service,
}) => {
  await signInAsOperator(page, service);
  await page.goto(`${service.baseUrl}/console?partnerKey=${provider.partnerKey}&period=7d`);
  await expect(page.locator('[data-live-state]')).toContainText('Live');
  await service.pause();
  await expect(page.locator('[data-live-state]')).toContainText('Not connected');
  await fillLedger(service, provider, { count: 2, lastAt: Date.now() });
  await service.resume();
  const purchases = page.locator('.tile', { hasText: 'Purchases' }).locator('dd').first();
  await expect(purchases).toHaveText('2', { timeout: 30_000 });
  await expect(page.locator('[data-live-state]')).toContainText('Live');
});

test('a campaign’s accounts are three keys away', async ({ page, service, provider }) => {
  const link = await service.addListing(`go-${provider.partnerKey}`, provider, `${service.baseUrl}/healthz`);
  await page.goto(`${link}?campaign=tuesday-${provider.partnerKey}`);
  await signInAsOperator(page, service);
  const campaign = page.getByRole('link', { name: `tuesday-${provider.partnerKey}` });
  await campaign.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.chips')).toContainText(`Campaign: tuesday-${provider.partnerKey}`);
  await expect(page.locator('.tile', { hasText: 'Clicks' }).locator('dd').first()).toHaveText('1');
  await page.getByRole('link', { name: 'Without the filter by campaign' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.chips')).toHaveCount(0);
});

test('without JavaScript all figures are there', async ({ browser, page, service, provider }) => {
  await fillLedger(service, provider, { count: 4, lastAt: Date.now() });
  await signInAsOperator(page, service);
  const context = await browser.newContext({
    javaScriptEnabled: false,
    storageState: await page.context().storageState(),
  });
  const plain = await context.newPage();
  await plain.goto(`${service.baseUrl}/console?partnerKey=${provider.partnerKey}`);
  await expect(plain.locator('.tile', { hasText: 'Purchases' }).locator('dd').first()).toHaveText('4');
  await plain.getByText('The numbers').click();
  await expect(plain.locator('#course tbody tr')).toHaveCount(30);
  await plain.getByText('Other days, filters and time zone').click();
  await plain.getByRole('textbox', { name: 'From' }).fill('2020-01-01');
  await plain.getByLabel('To, this day too').fill('2020-01-31');
  await plain.getByRole('button', { name: 'Show' }).click();
  await expect(plain.locator('.tile', { hasText: 'Purchases' }).locator('dd').first()).toHaveText('0');
  await context.close();
});

const pages = [
  'console',
  'console?period=90d&lines=apart&by=partnerKey&measure=net.EUR&campaign=tuesday&from=nonsense',
  'console/coverage',
  'console/orders',
  'console/subscriptions',
];

test('every page of figures is for everybody', async ({ page, service, provider }) => {
  test.slow();
  await fillLedger(service, provider, { count: 3, lastAt: Date.now() });
  await signInAsOperator(page, service);
  for (const [turn, path] of pages.entries()) {
    await lookAt(page, turn);
    await page.goto(`${service.baseUrl}/${path}`);
    await expectForEverybody(page, path);
  }
  // Axe leaves names behind, which no page of ours may.
  await page.goto('about:blank');
});
