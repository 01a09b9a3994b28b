import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { test as base } from '../browser/fixtures.ts';
import { readGuide } from '../provider/guides/support/guide.ts';
import { panelOn, withPanel } from '../support/panel.ts';
import { purchase } from '../support/purchase.ts';
import { stub } from '../support/tag.ts';

const root = resolve(import.meta.dirname, '../..');
const { files, commands, promised } = await readGuide('guides/strict-csp');
const bought = { ...purchase, orderId: 'A-1001' };

const test = base.extend<{
  /** A file of the guide, with this marketplace in it. */
  fileOf: (name: string) => string;
}>({
  fileOf: async ({ service, provider }, use) => {
    await use((name) => {
      const text = files.get(name);
      if (!text) throw new Error(`the guide lacks ${name}`);
      return text
        .replaceAll('https://market.example', service.baseUrl)
        .replaceAll('pk_acme', provider.partnerKey);
    });
  },
});

/** What policies have stopped, as the console says it. */
function refusalsOf(page: Page): string[] {
  const refusals: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy|Refused|TrustedScript/i.test(message.text())) refusals.push(message.text());
  });
  return refusals;
}

/** The purchase is proven when the browser keeps nothing of it but a hash. */
function waitingIn(page: Page) {
  return page.evaluate(() => Object.values(localStorage).filter((value) => value.includes('customerId')));
}

test('a nonce for each answer, with strict-dynamic and Trusted Types, stops nothing, the panel included', async ({
  page,
  fileOf,
  expectLedger,
}) => {
  const source = fileOf('server.js').replace(/^createServer.*$/m, '');
  const { answer }: { answer: RequestListener } = await import(
    `data:text/javascript,${encodeURIComponent(source)}`
  );
  const server = createServer(answer);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const refusals = refusalsOf(page);
  await page.goto(withPanel(`http://localhost:${(server.address() as AddressInfo).port}/thanks`));
  await expect(panelOn(page).root).toContainText('A-1001');
  await expect(async () => expect(await waitingIn(page)).toEqual([])).toPass();
  expect(refusals).toEqual([]);
  server.closeAllConnections();
  server.close();
  await expectLedger({ purchases: [bought] });
});

test('the stub’s hash is the guide’s, and lets the stub and nothing else run', async ({
  page,
  site,
  tag,
  fileOf,
  expectLedger,
}) => {
  const refusals = refusalsOf(page);
  const own = '<script>document.title = "it ran"</script>';
  const tracked = tag({ ...bought, track: 'purchase' });
  await page.goto(site.page('/thanks', fileOf('policy.html') + stub + tracked + own));
  // The call that the stub would keep is the test's own.
  expect(await page.evaluate(() => window.onrampTrack('referral'))).toBeNull();
  await expectLedger({ purchases: [bought] });
  expect(refusals).toHaveLength(1);
  expect(await page.title()).toBe('/thanks');
});

test('a version pinned by its hash needs no host', async ({ page, site, fileOf, expectLedger }) => {
  const [version = '', hash = ''] = commands.map((command) =>
    execFileSync('sh', ['-c', command.replace('node_modules/onramp-pixel', root)], {
      encoding: 'utf8',
    }).trim(),
  );
  const refusals = refusalsOf(page);
  const html = fileOf('pinned.html').replaceAll('<version>', version).replaceAll('<hash>', hash);
  await page.goto(site.page('/thanks', html + stub));
  await expectLedger({ purchases: [...promised] });
  expect(refusals).toEqual([]);
});

test('on trial, a policy without the beacon reports it, and stops nothing', async ({
  page,
  service,
  site,
  tag,
  fileOf,
  expectLedger,
}) => {
  const tracked = tag({ ...bought, track: 'purchase' }).replace('async', 'async nonce="r4nd0m"');
  const headers = { 'content-security-policy-report-only': fileOf('report-only.txt').trim() };
  await page.goto(site.page('/thanks', tracked, headers));
  await expectLedger({ purchases: [bought] });
  await expect(() => expect(site.posted.join()).toContain(`"blocked-uri":"${service.baseUrl}`)).toPass();
  expect(site.posted.join()).toContain('"effective-directive":"connect-src"');
});

test('the guide’s hash is that of the stub as all pages have it', () => {
  const [, text = ''] = /<script>(.*)<\/script>/.exec(stub) ?? [];
  const hash = createHash('sha256').update(text).digest('base64');
  for (const name of ['policy.html', 'pinned.html']) expect(files.get(name)).toContain(`'sha256-${hash}'`);
  expect(files.get('server.js')).toContain(text);
});
