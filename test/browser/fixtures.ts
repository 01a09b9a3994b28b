import { expect } from '@playwright/test';
import { compareLedger, type ExpectedLedger } from '../support/compareLedger.ts';
import { guardPages } from '../support/guard.ts';
import { createLedger, type Ledger } from '../support/ledger.ts';
import type { Provider } from '../support/service.ts';
import { type Site, startSite } from '../support/site.ts';
import { createTag, type TagAttributes } from '../support/tag.ts';
import { test as base } from '../workerFixtures.ts';

interface TestFixtures {
  /** Starts a site on a host name, for this test. */
  openSite: (host: string) => Promise<Site>;
  /** The provider's site, on another origin than the service. */
  site: Site;
  /** A payment provider's site, on a third origin and another host. */
  payment: Site;
  provider: Provider;
  ledger: Ledger;
  /** The provider's tag. */
  tag: (attributes?: TagAttributes) => string;
  /** Waits until the ledger holds exactly this; looked at once more when the test has closed its pages. */
  expectLedger: (expected: ExpectedLedger) => Promise<void>;
  /** The globals of other scripts in this file's pages. */
  foreignGlobals: string[];
  /** Asserts that the tag broke none of the pages; every test ends with it. */
  guard: () => Promise<void>;
}

export const test = base.extend<TestFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from a pattern
  openSite: async ({}, use) => {
    const sites: Site[] = [];
    await use(async (host) => {
      const site = await startSite(host);
      sites.push(site);
      return site;
    });
    await Promise.all(sites.map((site) => site.stop()));
  },

  site: async ({ openSite }, use) => {
    await use(await openSite('localhost'));
  },

  payment: async ({ openSite }, use) => {
    await use(await openSite('pay.localhost'));
  },

  provider: async ({ service, site }, use) => {
    await use(await service.addProvider('Acme CRM', site.origin));
  },

  ledger: async ({ service, provider }, use) => {
    await use(createLedger(service, provider));
  },

  tag: async ({ service, provider: { partnerKey } }, use) => {
    await use((attributes = {}) => createTag(service.baseUrl, { partnerKey, ...attributes }));
  },

  expectLedger: async ({ context, ledger, guard }, use, testInfo) => {
    let last: ExpectedLedger | undefined;
    await use(async (expected) => {
      last = expected;
      await expect(() => compareLedger(ledger, expected)).toPass({ timeout: 25_000, intervals: [100] });
    });
    await guard();
    for (const page of context.pages()) await page.close();
    if (last && testInfo.status === testInfo.expectedStatus) await compareLedger(ledger, last);
  },

  foreignGlobals: [[], { option: true }],

  guard: [
    async ({ context, service, foreignGlobals }, use) => {
      // A test that failed may have left it paused.
      await service.resume();
      const assertUnbroken = guardPages(context, foreignGlobals);
      await use(assertUnbroken);
      await assertUnbroken();
    },
    { auto: true },
  ],
});
