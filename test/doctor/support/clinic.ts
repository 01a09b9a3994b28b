import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll } from 'vitest';
import { type Browser, startBrowser } from '../../../src/doctor/browser.ts';
import { runDoctor } from '../../../src/doctor/main.ts';
import type { Report } from '../../../src/doctor/show.ts';
import { findChromium } from '../../../tools/browser.mjs';
import { startService } from '../../marketplace/support/service.ts';
import { startSite } from '../../support/site.ts';

/** The script that pages load, as it is shipped. */
export const pixel = readFileSync(resolve(import.meta.dirname, '../../../dist/onramp.js'), 'utf8');

/** The real service, two sites whose pages tests write, and the doctor: for all tests of a file. */
export async function openClinic() {
  const service = await startService({ script: pixel, atEnd: afterAll });
  const site = await startSite('localhost');
  const elsewhere = await startSite('127.0.0.1');
  afterAll(() => Promise.all([site.stop(), elsewhere.stop()]));
  const provider = await service.addProvider({ origins: [site.origin, elsewhere.origin] });
  const { baseUrl } = service;
  /** A healthy tag, with more attributes. */
  const tag = (attributes = '') =>
    `<script async src="${baseUrl}/onramp.js" data-partner-key="pk_acme" data-service-name="Acme CRM" ${attributes}></script>`;
  return { service, site, elsewhere, provider, baseUrl, tag };
}

/** The browser that is there; another one is tried as it is. */
const chromium = findChromium() ?? '';
/** One for all runs of a file, which would take two seconds each to start one. */
let shared: Promise<Browser> | undefined;

async function shareBrowser(path: string): Promise<Browser> {
  if (path !== chromium) return startBrowser(path, false);
  shared ??= startBrowser(path, false);
  return { ...(await shared), close: async () => undefined };
}

/** For afterAll: files of one process follow each other, and the next one starts its own. */
export async function closeBrowser(): Promise<void> {
  const open = shared;
  shared = undefined;
  await (await open)?.close();
}

/** What the doctor says, and its exit code. */
export async function examine(args: readonly string[], env: Record<string, string> = {}, isTerminal = false) {
  const said: string[] = [];
  const told: string[] = [];
  const exitCode = await runDoctor(args, {
    env: { CHROMIUM_PATH: chromium, ...env },
    startBrowser: shareBrowser,
    say: (text) => said.push(text),
    tell: (text) => told.push(text),
    isTerminal,
  });
  return { exitCode, said: said.join('\n'), told: told.join('\n') };
}

/** The same for programs. */
export async function diagnose(args: readonly string[], env: Record<string, string> = {}) {
  const { exitCode, said } = await examine(['--json', ...args], env);
  const report: Report = JSON.parse(said);
  return { ...report, exitCode, codes: report.findings.map(({ code }) => code) };
}
