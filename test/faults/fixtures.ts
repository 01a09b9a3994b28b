import type { Needs } from '../engines/engine.ts';
import { startGate } from '../support/gate.ts';
import { createLedger } from '../support/ledger.ts';
import { startSite } from '../support/site.ts';
import { test as base } from '../workerFixtures.ts';
import { putPage, putPlainPage } from './pages.ts';
import type { Scene } from './scene.ts';
import type { PageParts } from './situation.ts';

interface TestFixtures {
  /** In the browser as a person has it, unless less is needed. */
  openScene: (page?: PageParts, needs?: Needs) => Promise<Scene>;
}

export const test = base.extend<TestFixtures>({
  openScene: async ({ service, engines, stranger, nextDomain }, use) => {
    const ends: (() => Promise<void>)[] = [];
    await use(async (page, needs = { keptPages: true }) => {
      const domain = nextDomain();
      const site = await startSite(`www.${domain}`);
      const app = await startSite(`app.${domain}`);
      const gate = await startGate(service.baseUrl);
      const { startTabs } = await engines.find(needs);
      const tabs = startTabs();
      ends.push(tabs.closeAll, site.stop, app.stop, gate.stop);
      const provider = await service.addProvider(domain, site.origin, app.origin);
      const parts = { ...page, stranger: stranger.origin };
      const put = (path: string) => putPage(site, path, gate.origin, provider.partnerKey, parts);
      stranger.requested.length = 0;
      return {
        tabs,
        tab: await tabs.open(),
        gate,
        site,
        app,
        stranger,
        service,
        provider,
        ledger: createLedger(service, provider),
        checkout: put('/checkout'),
        next: put('/next'),
        withoutTag: putPlainPage(site, '/without-tag'),
      };
    });
    for (const end of ends) await end();
  },
});
