import { test as base } from '@playwright/test';
import { type EngineName, engineNames, type Needs, type Tabs } from '../engines/engine.ts';
import { shareTabs } from '../engines/shareTabs.ts';
import { startEngine } from '../engines/start.ts';
import { startGate } from '../support/gate.ts';
import { createLedger } from '../support/ledger.ts';
import { type Service, startService } from '../support/service.ts';
import { type Site, startSite } from '../support/site.ts';
import { putPage, putPlainPage } from './pages.ts';
import type { Scene } from './scene.ts';
import type { Situation } from './situation.ts';
import { goBack } from './steps.ts';

interface WorkerFixtures {
  service: Service;
  /** Tabs for one test, of a browser that can do what it needs. */
  startTabs: (needs: Needs) => Promise<Tabs>;
  stranger: Site;
  /** Counts, for a domain that no other test of this browser has stored anything for. */
  nextDomain: () => string;
}

interface TestFixtures {
  openScene: (situation?: Pick<Situation, 'page' | 'steps'>) => Promise<Scene>;
}

/** A browser that tests take turns in. */
interface Browser {
  startTabs: () => Tabs;
  stop: () => Promise<void>;
}

async function startBrowser(name: EngineName, needs: Needs): Promise<Browser> {
  const engine = await startEngine(name, needs);
  const tabs = await engine.startTabs();
  return {
    startTabs: shareTabs(tabs),
    async stop() {
      await tabs.closeAll();
      await engine.stop();
    },
  };
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

  startTabs: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from a pattern
    async ({}, use, { project }) => {
      const name = engineNames.find((known) => known === project.name);
      if (!name) throw new Error(`no engine is called ${project.name}`);
      const browsers = new Map<boolean, Promise<Browser>>();
      await use(async (needs) => {
        // The others do it anyway.
        const keptPages = name === 'chromium' && Boolean(needs.keptPages);
        const browser = browsers.get(keptPages) ?? startBrowser(name, { keptPages });
        browsers.set(keptPages, browser);
        return (await browser).startTabs();
      });
      for (const browser of browsers.values()) await (await browser).stop();
    },
    { scope: 'worker', timeout: 60_000 },
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
    await use(async ({ page, steps } = {}) => {
      const domain = nextDomain();
      const site = await startSite(`www.${domain}`);
      const app = await startSite(`app.${domain}`);
      const gate = await startGate(service.baseUrl);
      const tabs = await startTabs({ keptPages: steps?.includes(goBack) ?? false });
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
