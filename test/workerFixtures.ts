import { test as base } from '@playwright/test';
import { type Engine, engineNames, type Tabs } from './engines/engine.ts';
import { shareTabs } from './engines/shareTabs.ts';
import { startEngine } from './engines/start.ts';
import { type Stage, startStage } from './model/stage.ts';
import { startDemo } from './support/demo.ts';
import { type Service, startService } from './support/service.ts';
import { type Site, startSite } from './support/site.ts';

export interface WorkerFixtures {
  service: Service;
  /** The browser of the project, as a person's has it: it keeps pages to come back to. */
  engine: Engine;
  /** Tabs of the engine for one test, which are taken in turns. */
  startTabs: () => Tabs;
  stranger: Site;
  /** Counts, for a domain that no other test of this browser has stored anything for. */
  nextDomain: () => string;
  /** Where the random sequences play. */
  stage: Stage;
  /** The address of a demo, which ends in a slash; each test looks at what it has added itself: see readSums. */
  demo: string;
}

/**
 * What the tests of a worker share, each started when the first of them asks for it. It is the same list for all files of
 * tests: where two files' lists differ, Playwright ends its workers in between and starts others, which takes seconds.
 */
// biome-ignore lint/complexity/noBannedTypes: Playwright's name for no fixtures of a test
export const test = base.extend<{}, WorkerFixtures>({
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

  stage: [
    async ({ engine, service }, use) => {
      const { stage, stop } = await startStage(engine, service);
      await use(stage);
      await stop();
    },
    { scope: 'worker' },
  ],

  demo: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from a pattern
    async ({}, use) => {
      const demo = await startDemo();
      await use(demo.address);
      await demo.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});
