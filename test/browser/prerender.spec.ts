import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { findProgram } from '../../tools/browser.mjs';
import { chromiumArguments } from '../../tools/chromiumArguments.ts';
import { startGate } from '../support/gate.ts';
import { purchase } from '../support/purchase.ts';
import { createTag, stub } from '../support/tag.ts';
import { test } from './fixtures.ts';

/**
 * Opens the address in a Chromium that nobody drives: one that Playwright drives prerenders nothing. All that it writes is
 * in the folder, what it leaves behind when it is ended as well.
 */
function startChromium(address: string, folder: string) {
  const program = findProgram('chromium') ?? '';
  const options = ['--headless=new', '--disable-gpu', `--user-data-dir=${folder}`];
  const env = { ...process.env, TMPDIR: folder };
  return spawn(program, [...chromiumArguments, ...options, address], { stdio: 'ignore', env });
}

test('a thank-you page that is prerendered says nothing until it is shown', async ({
  site,
  service,
  provider,
  expectLedger,
}) => {
  const gate = await startGate(service.baseUrl);
  const tag = createTag(gate.origin, { ...purchase, partnerKey: provider.partnerKey, track: 'purchase' });
  // The tag has run by then, as load waits for it.
  const tell = `<script>addEventListener('load', () => {
    fetch('/', { method: 'POST', body: 'prerendering: ' + document.prerendering });
  })</script>`;
  site.page('/thanks', stub + tag + tell);
  const address = '/thanks?onramp_ref=r-1';
  const rules = JSON.stringify({ prerender: [{ urls: [address] }] });
  const goWhenAsked = `<script>setInterval(async () => {
    if ((await fetch('/go')).ok) location.href = ${JSON.stringify(address)};
  }, 50)</script>`;
  const landing = site.page('/', `<script type="speculationrules">${rules}</script>${goWhenAsked}`);

  // Short, for it opens a socket in it.
  const folder = await mkdtemp(join(tmpdir(), 'prerender-'));
  const chromium = startChromium(landing, folder);
  try {
    await expect.poll(() => site.posted).toEqual(['prerendering: true']);
    expect(gate.passages.map(({ way }) => way)).toEqual(['script']);
    site.page('/go', '');
    await expectLedger({ visits: 1, purchases: [{ ...purchase, referral: 'r-1' }] });
    // It was that page, not one that was loaded anew.
    expect(site.posted).toEqual(['prerendering: true']);
  } finally {
    const ended = once(chromium, 'exit');
    chromium.kill();
    await ended;
    await gate.stop();
    await rm(folder, { recursive: true, maxRetries: 3 });
  }
});
