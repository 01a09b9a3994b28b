import { expect, type Page } from '@playwright/test';
import axe from 'axe-core';

/** A page as it is looked at. */
interface Look {
  colorScheme: 'light' | 'dark';
  width: number;
}

const looks: readonly [Look, Look] = [
  { colorScheme: 'light', width: 320 },
  { colorScheme: 'dark', width: 1280 },
];

/** Sets the page up for one look or the other, in turns: pages are many, and each judgement takes a second. */
export async function lookAt(page: Page, turn: number): Promise<void> {
  const { colorScheme, width } = looks[turn % 2 === 0 ? 0 : 1];
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize({ width, height: 900 });
}

/** Holds that the page as it stands has nothing for axe to find, nothing wider than the screen, and one heading. */
export async function expectForEverybody(page: Page, name: string): Promise<void> {
  // What passes, nobody reads. The page's policy allows the script no more than any other, so the browser is told to run it.
  const { violations } = await page.evaluate<axe.AxeResults>(
    `${axe.source};axe.run({ resultTypes: ['violations'] })`,
  );
  expect(violations, name).toEqual([]);
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(beyond, name).toBeLessThanOrEqual(0);
  await expect(page.locator('h1')).toHaveCount(1);
}
