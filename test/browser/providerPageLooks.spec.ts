// Each of the provider's pages, in both schemes and two widths: nothing for axe to find, nothing wider than the screen.
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { fillLedger } from '../support/fillLedger.ts';
import { test } from '../support/fixtures.ts';
import { lookedAt } from '../support/lookedAt.ts';
import { signInAsProvider } from '../support/signIn.ts';

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

for (const { name, path, act } of pages) {
  test(`${name} is for everybody`, async ({ page, service, provider }) => {
    await fillLedger(service, provider, { count: 3, lastAt: Date.parse('2026-03-10T12:00:00Z') });
    await signInAsProvider(page, service, provider);
    for (const [colorScheme, width] of lookedAt) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${service.baseUrl}/${path}`);
      await act?.(page);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations, `${colorScheme}, ${width} px`).toEqual([]);
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(beyond, `${colorScheme}, ${width} px`).toBeLessThanOrEqual(0);
      await expect(page.locator('h1')).toHaveCount(1);
    }
    // Axe leaves names behind, which no page of ours may.
    await page.goto('about:blank');
  });
}

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
