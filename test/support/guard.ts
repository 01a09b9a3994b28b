import { type BrowserContext, expect, type Page } from '@playwright/test';

/**
 * Watches every page of the context, and returns what asserts at the end that the tag broke none of them:
 * no error, no rejected promise left alone, no global but onrampTrack and those of other scripts.
 */
export function guardPages(context: BrowserContext, foreignGlobals: string[]): () => Promise<void> {
  const errors: unknown[] = [];
  context.on('weberror', (webError) => errors.push(webError.error()));
  return async () => {
    expect(errors, 'errors in the pages').toEqual([]);
    const pages = context.pages().filter((page) => page.url().startsWith('http'));
    for (const page of pages) {
      const ours = (await newGlobals(page)).filter((name) => !foreignGlobals.includes(name));
      expect(['', 'onrampTrack'], page.url()).toContain(ours.join());
    }
  };
}

/** The names that the page's window has, and a new window has not. */
function newGlobals(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const frame = document.documentElement.appendChild(document.createElement('iframe'));
    const usual = new Set(Object.getOwnPropertyNames(frame.contentWindow));
    frame.remove();
    // Frames by number, and what Playwright puts into Firefox's pages.
    const foreign = /^(\d+$|__pw)/;
    return Object.getOwnPropertyNames(window).filter((name) => !usual.has(name) && !foreign.test(name));
  });
}
