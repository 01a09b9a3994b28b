import { expect, type Page } from '@playwright/test';
import { flip, test } from '../support/demo.ts';

async function walkToPayment(page: Page) {
  const journey = page.frameLocator('#frame');
  await journey.getByRole('link', { name: 'Go to Acme CRM' }).click();
  await journey.getByRole('link', { name: 'Start with Acme CRM' }).click();
  await journey.getByRole('button', { name: 'Create account' }).click();
  await journey.getByRole('button', { name: 'Continue to payment' }).click();
  return journey;
}

test('the demo shows click, visit and purchase as they arrive, and the purchase proven', async ({
  page,
  demo,
}) => {
  const errors: unknown[] = [];
  page.on('pageerror', (error) => errors.push(error));
  await page.goto(demo);
  const journey = await walkToPayment(page);
  await journey.getByRole('button', { name: /^Pay/ }).click();

  await expect(journey.getByRole('heading', { name: 'Thank you!' })).toBeVisible();
  await expect(page.locator('#entries .entry.purchase .badge.proven')).toBeVisible();
  for (const sum of ['clicks', 'visits', 'purchases'])
    await expect(page.locator(`#sum-${sum}`)).toHaveText('1');
  await expect(page.locator('#sum-revenue')).toContainText('49');

  await page.getByRole('button', { name: 'Reload it' }).click();
  await expect(journey.locator('#receipt')).toContainText('Sent before');
  await expect(page.locator('#sum-purchases')).toHaveText('1');
  expect(errors).toEqual([]);
});

test('a purchase made while the service is paused arrives once it is resumed', async ({ page, demo }) => {
  await page.goto(demo);
  const journey = await walkToPayment(page);
  await expect(page.locator('#sum-visits')).toHaveText('1');
  await flip(page, "Pause the marketplace's service", true);
  await journey.getByRole('button', { name: /^Pay/ }).click();
  await expect(page.locator('#kept-waiting')).toContainText('waits for its proof');
  await flip(page, "Pause the marketplace's service", false);
  await expect(page.locator('#entries .entry.purchase .badge.proven')).toBeVisible({ timeout: 25_000 });
  await expect(page.locator('#sum-purchases')).toHaveText('1');
});
