import type { Browser, Page } from '@playwright/test';
import { newOrder } from '../page.ts';
import type { Visit } from '../server/visit.ts';
import { traceScripts } from './trace.ts';

/**
 * Longer than what scripts put their start and their work off by, but for batches of seconds. Ours looks into
 * localStorage a second after the page has started.
 */
export const quietMs = 1_300;

export interface Call {
  callMs: number;
  threw: boolean;
}

/** All JavaScript of a page until it is quiet, in milliseconds. */
export function traceStart(browser: Browser, page: Page, visit: Visit, address: string): Promise<number> {
  return traceScripts(browser, page, async () => {
    await page.goto(address);
    await visit.isQuiet(quietMs);
  });
}

/**
 * With the clock of an isolated page, which goes in steps of 5 µs; from a task of the page's own, since what the
 * bench evaluates doesn't count as the page's work.
 */
export async function timeCall(page: Page, { peer }: Visit): Promise<Call | undefined> {
  const call = peer.convert?.(newOrder());
  return call === undefined
    ? undefined
    : await page.evaluate(`new Promise((called) => {
        setTimeout(() => {
          const started = performance.now();
          let threw = false;
          try { ${call} } catch { threw = true }
          called({ callMs: performance.now() - started, threw });
        });
      })`);
}
