import { type Browser, chromium, devices } from '@playwright/test';
import { findProgram } from '../tools/browser.mjs';

// What Chromium would do by itself beside the bench.
const quiet = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
];
// Chromium's sandbox doesn't start for root.
const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

export async function launchBrowser(): Promise<Browser> {
  const executablePath = findProgram('chromium');
  return await chromium.launch({ ...(executablePath && { executablePath }), args: [...quiet, ...sandbox] });
}

/** Some scripts send nothing where the browser says that it is headless. */
export const desktop = devices['Desktop Chrome'];
