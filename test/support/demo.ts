import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';

const root = resolve(import.meta.dirname, '../..');

/**
 * The demo as `npm run demo` starts it once the packages are there, on free ports; its address ends in a slash. It takes
 * seconds to start, so the tests of a worker share it, and each looks at what it has added itself: see readSums.
 */
// biome-ignore lint/complexity/noBannedTypes: Playwright's name for no fixtures of a test
export const test = base.extend<{}, { demo: string }>({
  demo: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from a pattern
    async ({}, use) => {
      const child = spawn(process.execPath, ['demo/main.ts'], {
        cwd: root,
        env: { ...process.env, DEMO_PORT: '0' },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const address = await new Promise<string>((found, failed) => {
        let said = '';
        child.stdout.on('data', (chunk) => {
          said += chunk;
          const printed = /http:\S+/.exec(said)?.[0];
          if (printed) found(printed);
        });
        child.on('exit', () => failed(new Error(`the demo ended before it printed an address:\n${said}`)));
      });
      await use(address);
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      expect(await exit).toEqual([0, null]);
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});

/** The sums that the page shows, by name, before a test adds to them. Money is its figure. */
export async function readSums(page: Page): Promise<(name: string) => number> {
  // Once the switches can be used, the page has the demo's state.
  await expect(page.getByRole('switch').first()).not.toHaveAttribute('aria-disabled', 'true');
  const texts = await page
    .locator('[id^=sum-]')
    .evaluateAll((sums) => sums.map(({ id, textContent }): [string, string] => [id, textContent]));
  const sums = new Map(texts.map(([id, text]) => [id, Number(text.replace(/[^\d.]/g, ''))]));
  return (name) => sums.get(`sum-${name}`) ?? Number.NaN;
}

/** Flips a switch of the console, and waits until it has. */
export async function flip(page: Page, name: string, on: boolean): Promise<void> {
  const toggle = page.getByRole('switch', { name });
  await toggle.click();
  // A service that starts takes seconds where others start beside it.
  await expect(toggle).toHaveAttribute('aria-checked', String(on), { timeout: 20_000 });
}
