import { test as base } from '@playwright/test';
import { type Engine, engineNames, type Tabs } from '../engines/engine.ts';
import { shareTabs } from '../engines/shareTabs.ts';
import { startEngine } from '../engines/start.ts';
import { startGate } from '../support/gate.ts';
import { createLedger } from '../support/ledger.ts';
import { type Service, startService } from '../support/service.ts';
import { type Site, startSite } from '../support/site.ts';
import { putPage, putPlainPage } from './pages.ts';
import type { Scene } from './scene.ts';
import type { PageParts } from './situation.ts';

interface WorkerFixtures {
  service: Service;
  engine: Engine;
  /** Tabs for one test. */
  startTabs: () => Tabs;
  stranger: Site;
  /** Counts, for a domain that no other test of this browser has stored anything for. */
  nextDomain: () => string;
}

interface TestFixtures {
  openScene: (page?: PageParts) => Promise<Scene>;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  service: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from a pattern
    async ({}, use) => {
      const service = await startService();
      await use(service);
      await service.stop();
    },
    { scope: 'worker' },
  ],

  engine: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from a pattern
    async ({}, use, { project }) => {
      const name = engineNames.find((known) => known === project.name);
      if (!name) throw new Error(`no engine is called ${project.name}`);
      const engine = await startEngine(name);
      await use(engine);
      await engine.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  startTabs: [
    async ({ engine }, use) => {
      const tabs = await engine.startTabs();
      await use(shareTabs(tabs));
      await tabs.closeAll();
    },
    { scope: 'worker' },
  ],

  stranger: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from a pattern
    async ({}, use) => {
      const stranger = await startSite('stranger.localhost');
      await use(stranger);
      await stranger.stop();
    },
    { scope: 'worker' },
  ],

  nextDomain: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from a pattern
    async ({}, use) => {
      let count = 0;
      await use(() => `test${++count}.localhost`);
    },
    { scope: 'worker' },
  ],

  openScene: async ({ service, startTabs, stranger, nextDomain }, use) => {
    const ends: (() => Promise<void>)[] = [];
    await use(async (page) => {
      const domain = nextDomain();
      const site = await startSite(`www.${domain}`);
      const app = await startSite(`app.${domain}`);
      const gate = await startGate(service.baseUrl);
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
