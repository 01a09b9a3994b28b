import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from '@playwright/test';
import { test } from '../faults/fixtures.ts';
import { readGuide, writeGuide } from '../provider/guides/support/guide.ts';
import { listen } from '../provider/support/server.ts';
import { compareLedger } from '../support/compareLedger.ts';
import { purchase } from '../support/purchase.ts';
import { createTag, stub } from '../support/tag.ts';

const root = resolve(import.meta.dirname, '../..');

interface Middleware {
  keepReferralOf(request: IncomingMessage, response: ServerResponse): void;
}

/** The ten lines of the guide, as they stand there. */
async function importGuide(partnerKey: string): Promise<Middleware & { remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'onramp-referral-'));
  await writeGuide(await readGuide('guides/referral'), folder);
  await mkdir(resolve(folder, 'node_modules'));
  await symlink(root, resolve(folder, 'node_modules/onramp-pixel'));
  process.env.ONRAMP_PARTNER_KEY = partnerKey;
  const { keepReferralOf }: Middleware = await import(
    String(pathToFileURL(resolve(folder, 'keepReferral.js')))
  );
  return { keepReferralOf, remove: () => rm(folder, { recursive: true }) };
}

/** What Safari does a week after scripts have stored something, unless the visitor has come back meanwhile. */
function forgetScripts(): void {
  localStorage.clear();
  const labels = location.hostname.split('.');
  for (const pair of document.cookie.split('; ')) {
    for (const index of ['', ...labels].keys()) {
      const domain = labels.slice(index).join('.');
      // biome-ignore lint/suspicious/noDocumentCookie: not every engine has a Cookie Store
      document.cookie = `${pair.split('=')[0]}=;path=/;max-age=0${domain && `;domain=${domain}`}`;
    }
  }
}

const title = "the provider's server keeps a referral that the browser drops, and the visit is reported once";
test(title, { tag: '@engine' }, async ({ openScene }) => {
  const { tabs, service, provider, ledger, site } = await openScene();
  const { keepReferralOf, remove } = await importGuide(provider.partnerKey);
  const html = stub + createTag(service.baseUrl, { partnerKey: provider.partnerKey });
  const server = createServer((request, response) => {
    keepReferralOf(request, response);
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><link rel="icon" href="data:,"><title>Acme</title>${html}`);
  });
  // The ports of a host share its cookies.
  const { port } = new URL(await listen(server));
  const address = `http://${new URL(site.origin).hostname}:${port}`;
  const tab = await tabs.open();
  const readReferral = () => tab.run(() => window.onrampTrack('referral'));
  const readCookie = () => tab.run(() => document.cookie);
  try {
    await tab.goto(`${address}/?onramp_ref=ref-1`);
    expect(await readReferral()).toMatchObject({ id: 'ref-1', source: 'param' });
    await expect.poll(async () => (await ledger.visits()).length).toBe(1);
    expect(await readCookie()).toMatch(/^onramp_[\w-]+=referral=ref-1&[^;]*$/);

    await tab.run(forgetScripts);
    expect(await readCookie()).toBe('');
    await tab.goto(`${address}/pricing`);
    expect(await readReferral()).toMatchObject({ id: 'ref-1', source: 'param' });
    expect(await tab.run((given) => window.onrampTrack(given), purchase)).toMatchObject({ status: 'sent' });

    // The pixel knows it as its own: the link once more is no other visit.
    await tab.goto(`${address}/?onramp_ref=ref-1`);
    expect(await readReferral()).toMatchObject({ id: 'ref-1' });
    // And another link is another referral, for both.
    await tab.goto(`${address}/?onramp_ref=ref-2`);
    expect(await readReferral()).toMatchObject({ id: 'ref-2' });
    await tab.run(forgetScripts);
    await tab.goto(`${address}/pricing`);
    expect(await readReferral()).toMatchObject({ id: 'ref-2' });

    const expected = { visits: 2, purchases: [{ ...purchase, referral: 'ref-1' }] };
    await expect(() => compareLedger(ledger, expected)).toPass({ timeout: 20_000, intervals: [100] });
  } finally {
    server.closeAllConnections();
    server.close();
    await remove();
  }
});
