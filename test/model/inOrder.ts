import { expect } from '@playwright/test';
import type { Play } from './play.ts';

const nothing = { complaints: [], globals: [], cookies: [], elsewhere: [] };

/**
 * Asserts that the tag has broken nothing, and has left nothing but what it may: the referral, and marks of
 * purchases that are proven.
 */
export async function expectInOrder({ scenery, tabs, cookies, patienceMs }: Play): Promise<void> {
  const { provider, site, ledger } = scenery;
  const name = `onramp_${provider.partnerKey}`;
  const isEntry = (key: string) => key.startsWith(`${name}.`);
  // Sequences before this one had names of their own.
  const isOfOther = (key: string) => key.startsWith('onramp_') && key !== name && !isEntry(key);
  for (const { tab } of tabs.values()) {
    await expect(async () => {
      const { localStorage, ...report } = await tab.run(() => window.pageWatch.report());
      const cookiesLeft = report.cookies.filter((cookie) => !isOfOther(cookie) && cookie !== name);
      expect({ ...report, cookies: cookiesLeft }).toEqual(nothing);
      const entries = Object.entries(localStorage).filter(([key]) => !isOfOther(key));
      const names = entries.map(([key]) => key).filter((key) => !isEntry(key));
      // The referral is kept in one place.
      expect(names.filter((key) => cookies === 'work' || key !== name)).toEqual([]);
      const waiting = entries.filter(([key, text]) => isEntry(key) && text);
      expect(waiting, 'purchases that wait').toEqual([]);
    }).toPass({ timeout: patienceMs, intervals: [20] });
  }
  const complaints = site.posted.filter((text) => text.includes(provider.partnerKey));
  expect(complaints, 'complaints of pages that were left').toEqual([]);
  expect(await ledger.rejections(), 'rejections').toEqual([]);
}
