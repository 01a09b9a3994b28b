import { defineConfig, devices } from '@playwright/test';
import { findChromium } from './tools/browser.mjs';

const executablePath = await findChromium();

// What Chromium would do by itself beside the test.
const quiet = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
// Domain names of several parts, for cookies; the tests' sites listen here.
const names = ['--host-resolver-rules=MAP *.example 127.0.0.1, MAP *.acme.co.uk 127.0.0.1'];
// Chromium's sandbox doesn't start for root.
const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

export default defineConfig({
  testDir: 'test/browser',
  outputDir: '.cache/browser-tests',
  forbidOnly: Boolean(process.env.CI),
  fullyParallel: true,
  workers: 2,
  retries: 0,
  timeout: 30_000,
  expect: { timeout: 10_000 },
  projects: [
    {
      name: 'chromium',
      use: {
        ...devices['Desktop Chrome'],
        launchOptions: { ...(executablePath && { executablePath }), args: [...quiet, ...names, ...sandbox] },
      },
    },
  ],
});
