import { type BrowserType, chromium, firefox, type LaunchOptions, type Page } from '@playwright/test';
import { findChromium, findProgram } from '../../tools/browser.mjs';
import { chromiumArguments } from '../../tools/chromiumArguments.ts';
import type { Engine, Needs, Tab } from './engine.ts';
import { goBack } from './goBack.ts';

// Debian's Firefox, which speaks WebDriver BiDi; Playwright's own is patched.
const launches = {
  chromium: {
    type: chromium,
    options: {
      args: chromiumArguments,
      // Playwright turns off what a person's browser has: pages that come back as they were left.
      ignoreDefaultArgs: ['--disable-back-forward-cache'],
    },
  },
  firefox: {
    type: firefox,
    // It would keep a process ready for the next site, and nothing that moves in its window is looked at.
    options: {
      channel: 'moz-firefox',
      firefoxUserPrefs: { 'dom.ipc.processPrelaunch.enabled': false, 'ui.prefersReducedMotion': 1 },
    },
  },
} satisfies Record<string, { type: BrowserType; options: LaunchOptions }>;

/** Chromium or Firefox, driven by Playwright. */
export async function startPlaywrightEngine(
  name: keyof typeof launches,
  { keptPages }: Needs,
): Promise<Engine> {
  const executablePath = keptPages ? findProgram(name) : findChromium();
  const { type, options } = launches[name];
  const browser = await type.launch({ ...options, ...(executablePath && { executablePath }) });
  return {
    name,
    async startTabs() {
      const context = await browser.newContext();
      return {
        open: async () => createTab(await context.newPage()),
        async closeAll() {
          await context.close();
        },
      };
    },
    stop: () => browser.close(),
  };
}

function createTab(page: Page): Tab {
  const run: Tab['run'] = (source, given) => page.evaluate<never, never>(source as never, given as never);
  const tab: Tab = {
    run,
    address: () => run(() => location.href).catch(() => ''),
    async goto(address) {
      try {
        await page.goto(address, { waitUntil: 'domcontentloaded' });
      } catch (error) {
        // Firefox reports one navigation twice at times, and the second as an interruption of the first.
        if (!`${error}`.includes(`interrupted by another navigation to "${address}"`)) throw error;
        await page.waitForURL(address, { waitUntil: 'domcontentloaded' });
      }
    },
    async reload() {
      await page.reload({ waitUntil: 'domcontentloaded' });
    },
    back: () => goBack(tab),
    async close() {
      const context = page.context();
      // The last page of a window would take the browser's queue with it.
      if (context.pages().length === 1) await context.newPage();
      await page.close();
    },
  };
  return tab;
}
