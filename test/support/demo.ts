import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, type Page } from '@playwright/test';

const root = resolve(import.meta.dirname, '../..');

export interface Demo {
  /** Ends in a slash. */
  address: string;
  /** Resolves when it has ended, as it should. */
  stop(): Promise<void>;
}

/** Starts the demo as `npm run demo` does once the packages are there, on free ports, within seconds. */
export async function startDemo(): Promise<Demo> {
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
  return {
    address,
    async stop() {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      expect(await exit).toEqual([0, null]);
    },
  };
}

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
