// How the pages of console and provider look, in both schemes and two widths, against kept pictures. Each letter is a block
// in them, since no two machines have the same fonts: what is compared is where everything stands, and its colours.
// A change that is wanted: npx playwright test --project=chromium test/browser/looks.spec.ts --update-snapshots
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { createBlockFont } from '../support/blockFont.ts';
import { startFixedService } from '../support/fixedService.ts';
import { guardPages } from '../support/guard.ts';

interface Gallery {
  baseUrl: string;
  /** Signed in to console and provider's pages; the tests take turns in it. */
  page: Page;
}

// biome-ignore lint/complexity/noBannedTypes: Playwright's name for no fixtures of a test
const test = base.extend<{}, { gallery: Gallery }>({
  gallery: [
    async ({ browser }, use) => {
      const fixed = await startFixedService(resolve(import.meta.dirname, '../../dist'));
      const context = await browser.newContext({
        // The style that shows blocks isn't the service's own.
        bypassCSP: true,
        timezoneId: 'Europe/Berlin',
        locale: 'en-GB',
      });
      const assertUnbroken = guardPages(context, []);
      await context.addCookies(await fixed.cookies());
      await use({ baseUrl: fixed.baseUrl, page: await context.newPage() });
      await assertUnbroken();
      await context.close();
      await fixed.stop();
    },
    { scope: 'worker' },
  ],
});

// In one window: to open another takes longer than to look at a page.
test.describe.configure({ mode: 'default' });
test.skip(process.platform !== 'linux', 'Pictures are of Chromium on Linux');

const fontUrl = `data:font/ttf;base64,${createBlockFont().toString('base64')}`;
/** What each machine draws its own way, or what moves, is left out. */
const style = `
  @font-face { font-family: Blocks; src: url(${fontUrl}) }
  *, *::before, *::after { font-family: Blocks !important; font-synthesis: none !important; caret-color: transparent !important;
    transition: none !important; animation: none !important }
  input, select, textarea { appearance: none !important }
  ::-webkit-calendar-picker-indicator { display: none !important }
  ::-webkit-scrollbar { display: none }
  canvas, [data-live-state] { visibility: hidden !important }
  ::marker { content: '' }
`;

/** Follows the first link of the table. */
const openFirst = (page: Page) => page.locator('tbody th a').first().click();

const pages: readonly { name: string; path: string; act?: (page: Page) => Promise<void> }[] = [
  { name: 'overview', path: 'console?from=2026-04-01&to=2026-05-04' },
  { name: 'coverage', path: 'console/coverage' },
  { name: 'purchases', path: 'console/purchases' },
  { name: 'purchase', path: 'console/purchases?orderId=A-1', act: openFirst },
  { name: 'disputed', path: 'console/purchases?orderId=A-2', act: openFirst },
  { name: 'clicks', path: 'console/clicks' },
  { name: 'rejections', path: 'console/rejections' },
  { name: 'rejection', path: 'console/rejections?reason=invalid_fields', act: openFirst },
  { name: 'replay', path: 'console/rejections/replay?reason=invalid_fields' },
  { name: 'nothing-found', path: 'console/purchases?orderId=none' },
  { name: 'orders', path: 'console/orders' },
  { name: 'subscriptions', path: 'console/subscriptions' },
  { name: 'providers', path: 'console/providers' },
  { name: 'listings', path: 'console/listings' },
  { name: 'operators', path: 'console/operators' },
  { name: 'set-up', path: 'provider' },
  { name: 'figures', path: 'provider/figures?from=2026-04-01&to=2026-05-04' },
  { name: 'own-purchases', path: 'provider/purchases' },
  { name: 'own-rejections', path: 'provider/rejections' },
  { name: 'reconciliation', path: 'provider/reconciliation' },
  { name: 'keys', path: 'provider/keys' },
];

for (const { name, path, act } of pages) {
  test(`${name} looks as it did`, async ({ gallery: { page, baseUrl } }, testInfo) => {
    test.slow();
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(`${baseUrl}/${path}`);
    await act?.(page);
    await page.addStyleTag({ content: style });
    await page.evaluate(() => document.fonts.load('16px Blocks'));
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [320, 1280]) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.setViewportSize({ width, height: 900 });
        // One picture each: nothing moves in them, so that none has to be waited for.
        const picture = await page.screenshot({ animations: 'disabled', caret: 'hide', scale: 'css' });
        const file = `${name}-${width}-${colorScheme}.png`;
        const kept = await readFile(testInfo.snapshotPath(file)).catch(() => undefined);
        // As a rule they are the same to the byte, and to unpack both takes longer than all the rest.
        if (kept?.equals(picture)) continue;
        expect(picture).toMatchSnapshot(file, { maxDiffPixelRatio: 0.01 });
      }
    }
  });
}
