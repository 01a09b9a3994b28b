import { expect, type Page } from '@playwright/test';
import { flip, readSums } from '../support/demo.ts';
import { test } from '../workerFixtures.ts';

// One after the other, in one demo: the first sees it as it starts.
test.describe.configure({ mode: 'default' });

async function walkToPayment(page: Page) {
  const journey = page.frameLocator('#frame');
  await journey.getByRole('link', { name: 'Go to Acme CRM' }).click();
  await journey.getByRole('link', { name: 'Start with Acme CRM' }).click();
  await journey.getByRole('button', { name: 'Create account' }).click();
  await journey.getByRole('button', { name: 'Continue to payment' }).click();
  return journey;
}

const newestPurchase = (page: Page) => page.locator('#entries .entry.purchase').first();

test('on a phone there is something to do on the first screen of each journey, where nothing has happened yet', async ({
  page,
  demo,
}) => {
  await page.setViewportSize({ width: 320, height: 640 });
  for (const [path, name] of [
    ['', 'Go to Acme CRM'],
    ['order', 'Order here'],
    ['usage', "order an account on the marketplace's form"],
  ] as const) {
    await page.goto(demo + path);
    const action = page.frameLocator('#frame').getByRole('link', { name, exact: true });
    await expect(action).toBeVisible();
    const { y = 0 } = (await action.boundingBox()) ?? {};
    // What lies under the bar with the sums can't be pressed.
    const bar = await page.locator('.summary').boundingBox();
    expect(y, path).toBeGreaterThan(0);
    expect(y + 24, path).toBeLessThan(bar?.y ?? 0);
  }
});

test('the demo shows click, visit and purchase as they arrive, and the purchase proven', async ({
  page,
  demo,
}) => {
  const errors: unknown[] = [];
  page.on('pageerror', (error) => errors.push(error));
  await page.goto(demo);
  const before = await readSums(page);
  const journey = await walkToPayment(page);
  await journey.getByRole('button', { name: /^Pay/ }).click();

  await expect(journey.getByRole('heading', { name: 'Thank you!' })).toBeVisible();
  for (const sum of ['clicks', 'visits', 'purchases'])
    await expect(page.locator(`#sum-${sum}`)).toHaveText(String(before(sum) + 1));
  await expect(newestPurchase(page).locator('.badge.proven')).toBeVisible();
  await expect(page.locator('#sum-revenue')).toHaveText(`€${before('revenue') + 49}.00`);

  await page.getByRole('button', { name: 'Reload it' }).click();
  await expect(journey.locator('#receipt')).toContainText('Sent before');
  await expect(page.locator('#sum-purchases')).toHaveText(String(before('purchases') + 1));
  expect(errors).toEqual([]);
});

test('the demo says what each row tells: how sure it is, what was left out, disputed or given back', async ({
  page,
  demo,
}) => {
  const errors: unknown[] = [];
  page.on('pageerror', (error) => errors.push(error));
  const receivedAt = '2026-11-26T10:00:00.000Z';
  const row = { customerId: 'c-1', orderId: 'A-1', trust: 'server', levels: {}, receivedAt };
  const copies = [{ trust: 'server', via: 'post', receivedAt }];
  const purchase = {
    ...{ ...row, event: 'purchase', referral: 'r-1', referralMinted: true, refunded: '5', disputed: true },
    ...{ amount: '49.90', currency: 'EUR', ignored: { page: 'ftp://x' }, levels: { amount: 'unsigned' } },
  };
  const events = [
    purchase,
    { ...row, event: 'signup' },
    { ...row, event: 'renewal', amount: '20', currency: 'EUR' },
    { ...row, event: 'refund', amount: '5', currency: 'EUR' },
    { event: 'visit', referral: 'r-1', referralMinted: true, trust: 'origin', levels: {}, receivedAt },
  ];
  await page.route('**/state.json', async (route) => {
    const response = await route.fetch();
    const state = await response.json();
    const items = events.map((event, id) => ({ ...event, id, copies }));
    state.ledger = { clicks: [], items, rejections: [], orders: [], subscriptions: [], reports: [] };
    await route.fulfill({ response, json: state });
  });
  await page.goto(demo);

  const entry = page.locator('#entries .entry.purchase');
  await expect(entry).toContainText('€49.90');
  for (const note of [
    'Given back so far: €5.00.',
    'Disputed: pages named several customers for this order',
    'Left out: page “ftp://x” could not be read.',
    'Less sure: amount. Could come from anyone.',
  ]) {
    await expect(entry.locator('.note').filter({ hasText: note })).toBeVisible();
  }
  await expect(entry.locator('.badge')).toHaveCount(0);
  for (const [event, text] of [
    ['signup', 'nothing paid yet'],
    ['renewal', '€20.00'],
    ['refund', '€5.00 of this order so far'],
  ]) {
    await expect(page.locator(`#entries .entry.${event}`)).toContainText(text ?? '');
  }
  for (const sum of ['visits', 'purchases']) await expect(page.locator(`#sum-${sum}`)).toHaveText('1');
  await expect(page.locator('#sum-revenue')).toHaveText('€44.90');
  await expect(page.locator('#paused')).toBeHidden();
  expect(errors).toEqual([]);
});

test('a purchase made while the service is paused arrives once it is resumed', async ({ page, demo }) => {
  await page.goto(demo);
  const before = await readSums(page);
  const journey = await walkToPayment(page);
  await expect(page.locator('#sum-visits')).toHaveText(String(before('visits') + 1));
  await flip(page, "Pause the marketplace's service", true);
  await journey.getByRole('button', { name: /^Pay/ }).click();
  await expect(page.locator('#kept-waiting')).toContainText('waits for its proof');
  await flip(page, "Pause the marketplace's service", false);
  await expect(page.locator('#sum-purchases')).toHaveText(String(before('purchases') + 1), {
    timeout: 25_000,
  });
  await expect(newestPurchase(page).locator('.badge.proven')).toBeVisible({ timeout: 25_000 });
});

test("the service's own console is a fourth place to look, signed in", async ({ page, demo }) => {
  await page.goto(demo);
  const before = await readSums(page);
  await walkToPayment(page);
  await expect(page.locator('#sum-visits')).toHaveText(String(before('visits') + 1));
  const opening = page.context().waitForEvent('page');
  await page.getByRole('link', { name: /Console/ }).click();
  const dashboard = await opening;
  await expect(dashboard.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  await dashboard.getByRole('link', { name: 'Purchases' }).first().click();
  await dashboard.getByLabel('Event', { exact: true }).selectOption('Visits');
  await dashboard.getByRole('button', { name: 'Show' }).click();
  await expect(dashboard.getByRole('table')).toContainText('Our link');
});
