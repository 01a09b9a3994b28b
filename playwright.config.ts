import { defineConfig, devices } from '@playwright/test';
import { findChromium } from './tools/browser.mjs';
import { chromiumArguments } from './tools/chromiumArguments.ts';
import { findTemporaryFolder } from './tools/temporaryFolder.ts';

const executablePath = findChromium();

const isSoak = Boolean(process.env.ONRAMP_SOAK_MINUTES);

/** Of each theme's situations, those whose outcome is for the engine to say, see test/faults/situation.ts; the soak plays all. */
const engineTests = {
  testMatch: '{engines,faults}/**/*.spec.ts',
  ...(!isSoak && { grep: /@engine/ }),
};

// For the services that the tests start, and the browsers' profiles.
process.env.TMPDIR = findTemporaryFolder();

// Node reads the tests as they are, so a stack needs no source map; Playwright takes one at each step, of 50 frames.
if (process.env.PW_DISABLE_TS_ESM) Reflect.deleteProperty(Error, 'prepareStackTrace');

// Domain names of several parts, for cookies; the tests' sites listen here.
const names = ['--host-resolver-rules=MAP *.example 127.0.0.1, MAP *.acme.co.uk 127.0.0.1'];

const chromium = {
  ...devices['Desktop Chrome'],
  // Whatever moves in a page is drawn sixty times a second, which here the processor does.
  contextOptions: { reducedMotion: 'reduce' as const },
  launchOptions: { ...(executablePath && { executablePath }), args: [...chromiumArguments, ...names] },
};

export default defineConfig({
  testDir: 'test',
  globalSetup: 'test/support/bundleService.ts',
  outputDir: '.cache/browser-tests',
  forbidOnly: Boolean(process.env.CI),
  fullyParallel: true,
  // Twice as many as there are cores: half of the tests wait for the pixel's own clocks most of their time.
  workers: 4,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  projects: [
    {
      name: 'chromium',
      testMatch: '{browser,engines,faults,integrations,model}/**/*.spec.ts',
      use: chromium,
    },
    // A real WordPress takes half a minute to be there.
    ...(isSoak ? [{ name: 'wordpress', testMatch: 'wordpress/**/*.spec.ts', use: chromium }] : []),
    // Their browsers are started by the tests themselves, see test/engines; beside each other, as each takes seconds.
    { name: 'firefox', ...engineTests, workers: 2 },
    { name: 'webkit', ...engineTests, workers: 2 },
  ],
});
