import { expect } from '@playwright/test';
import type { Play } from './play.ts';

/**
 * Asserts that the tag has broken nothing, and has left nothing but what it may: the referral, and marks of
 * purchases that are proven.
 */
export async function expectInOrder({ scenery, tabs, cookies, patienceMs }: Play): Promise<void> {
  const { provider, site, ledger } = scenery;
  const name = `onramp_${provider.partnerKey}`;
  for (const { tab } of tabs.values()) {
    await expect(async () => {
      const { localStorage, ...report } = await tab.run(() => window.pageWatch.report());
      const entries = Object.entries(localStorage).filter(([key]) => cookies === 'work' || key !== name);
      expect({ ...report, cookies: report.cookies.filter((cookie) => cookie !== name) }).toEqual({
        complaints: [],
        globals: [],
        cookies: [],
        elsewhere: [],
      });
      expect(entries.map(([key]) => key).filter((key) => !key.startsWith(`${name}.`))).toEqual([]);
      expect(entries.map(([, text]) => text).filter(Boolean), 'purchases that wait').toEqual([]);
    }).toPass({ timeout: patienceMs, intervals: [20] });
  }
  const complaints = site.posted.filter((text) => text.includes(provider.partnerKey));
  expect(complaints, 'complaints of pages that were left').toEqual([]);
  expect(await ledger.rejections(), 'rejections').toEqual([]);
}
