import { test as base } from '@playwright/test';
import { startEngine } from '../engines/start.ts';
import { startGate } from '../support/gate.ts';
import { startService } from '../support/service.ts';
import { startSite } from '../support/site.ts';
import type { Stage } from './stage.ts';
import { createTabPool } from './tabPool.ts';

// biome-ignore lint/complexity/noBannedTypes: Playwright's name for no fixtures of a test
export const test = base.extend<{}, { stage: Stage }>({
  stage: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from a pattern
    async ({}, use) => {
      const [service, site] = await Promise.all([startService(), startSite('www.acme.localhost')]);
      const gate = await startGate(service.baseUrl);
      const engine = await startEngine('chromium');
      await use({ tabPool: createTabPool(engine), service, gate, site });
      await engine.stop();
      await gate.stop();
      await site.stop();
      await service.stop();
    },
    { scope: 'worker', timeout: 30_000 },
  ],
});
