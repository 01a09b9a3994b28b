// Each of the provider's pages: nothing for axe to find, nothing wider than the screen.
import { expect, type Page } from '@playwright/test';
import { expectForEverybody, lookAt } from '../support/everybody.ts';
import { fillLedger } from '../support/fillLedger.ts';
import { signInAsProvider } from '../support/signIn.ts';
import { test } from './fixtures.ts';

const hostile = '<img src=x onerror=alert(1)>';

/** The pages, and what is done before they are looked at. */
const pages: readonly { name: string; path: string; act?: (page: Page) => Promise<void> }[] = [
  { name: 'set-up', path: 'provider' },
  {
    name: 'set-up with all lines and a test referral',
    path: 'provider',
    act: async (page) => {
      await page.fill('#site', 'https://acme.example/pricing?plan=pro');
      await page.getByRole('button', { name: 'Make a test referral' }).click();
      await page.getByRole('link', { name: 'Open your site', exact: true }).waitFor();
      for (const summary of (await page.locator('.guide summary').all()).slice(1)) await summary.click();
      await page.locator('#causes summary').click();
    },
  },
  { name: 'figures', path: 'provider/figures?from=2026-03-01&to=2026-03-31' },
  { name: 'figures of nothing', path: 'provider/figures?period=today' },
  { name: 'reconciliation', path: 'provider/reconciliation' },
  {
    name: 'reconciliation with a result',
    path: 'provider/reconciliation',
    act: async (page) => {
      await page.fill('#pasted', `order id;date;amount\nA-1;2026-03-10;49,90\n${hostile};2026-03-10;1`);
      await page.click('#read');
      await page.locator('#rows tr').first().waitFor();
    },
  },
  { name: 'keys', path: 'provider/keys' },
];

test.describe.configure({ mode: 'parallel' });

test('every page is for everybody', async ({ page, service, provider }) => {
  test.slow();
  await fillLedger(service, provider, { count: 3, lastAt: Date.parse('2026-03-10T12:00:00Z') });
  await signInAsProvider(page, service, provider);
  for (const [turn, { name, path, act }] of pages.entries()) {
    await lookAt(page, turn);
    await page.goto(`${service.baseUrl}/${path}`);
    await act?.(page);
    await expectForEverybody(page, name);
  }
  // Axe leaves names behind, which no page of ours may.
  await page.goto('about:blank');
});

test('keyboard alone reads, compares and filters', async ({ page, service, provider }) => {
  await fillLedger(service, provider, { count: 3, lastAt: Date.parse('2026-03-10T12:00:00Z') });
  await signInAsProvider(page, service, provider);
  await page.goto(`${service.baseUrl}/provider/reconciliation`);
  await page.keyboard.press('Tab');
  await expect(page.locator('.skip')).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.locator('#file')).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.insertText('order id,date\nA-1,2026-03-10\nA-9,2026-03-10');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.locator('dd[data-outcome=matched]')).toHaveText('1');
  await page.focus('#outcome');
  await page.keyboard.type('Missing');
  await expect(page.locator('#rows tr')).toHaveCount(1);
  await expect(page.locator('#rows')).toContainText('A-9');
});
