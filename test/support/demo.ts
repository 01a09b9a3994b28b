import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';

const root = resolve(import.meta.dirname, '../..');

/** The demo as `npm run demo` starts it once the packages are there, on free ports; its address ends in a slash. */
export const test = base.extend<{ demo: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from a pattern
  demo: async ({}, use) => {
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
});

/** Flips a switch of the console, and waits until it has. */
export async function flip(page: Page, name: string, on: boolean): Promise<void> {
  const toggle = page.getByRole('switch', { name });
  await toggle.click();
  await expect(toggle).toHaveAttribute('aria-checked', String(on));
}
