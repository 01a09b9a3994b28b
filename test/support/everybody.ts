import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

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
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.setViewportSize({ width, height: 900 });
}

/** Holds that the page as it stands has nothing for axe to find, nothing wider than the screen, and one heading. */
export async function expectForEverybody(page: Page, name: string): Promise<void> {
  const axe = new AxeBuilder({ page })
    // Else it opens another page for what it found in frames of other sites, of which these pages have none.
    .setLegacyMode()
    // What passes, nobody reads.
    .options({ resultTypes: ['violations'] });
  const { violations } = await axe.analyze();
  expect(violations, name).toEqual([]);
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(beyond, name).toBeLessThanOrEqual(0);
  await expect(page.locator('h1')).toHaveCount(1);
}
