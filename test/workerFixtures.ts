import { test as base } from '@playwright/test';
import { engineNames } from './engines/engine.ts';
import { type Engines, shareEngines } from './engines/shareEngines.ts';
import { type Stage, startStage } from './model/stage.ts';
import { startDemo } from './support/demo.ts';
import { type Service, startService } from './support/service.ts';
import { type Site, startSite } from './support/site.ts';

export interface WorkerFixtures {
  service: Service;
  /** The browsers of the project's engine. */
  engines: Engines;
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

  engines: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from a pattern
    async ({}, use, { project }) => {
      const name = engineNames.find((known) => known === project.name);
      if (!name) throw new Error(`no engine is called ${project.name}`);
      const engines = shareEngines(name);
      await use(engines);
      await engines.stopAll();
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

  stage: [
    async ({ engines, service }, use) => {
      const { engine } = await engines.find({ keptPages: true });
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
