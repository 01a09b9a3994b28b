import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from '@playwright/test';
import type { ProxyId } from '../../tools/proxies.mjs';
import { test as base } from '../browser/fixtures.ts';
import { readGuide } from '../provider/guides/support/guide.ts';
import { compareLedger } from '../support/compareLedger.ts';
import { findFreePort } from '../support/freePort.ts';
import { createLedger } from '../support/ledger.ts';
import { panelOn, withPanel } from '../support/panel.ts';
import { type Recorder, startRecorder } from './proxy/recorder.ts';
import { type ProxySettings, startProxyServer } from './proxy/servers.ts';

const { files, promised } = await readGuide('guides/first-party-proxy');
const script = readFileSync(resolve(import.meta.dirname, '../../dist/onramp.js'));
const hash = createHash('sha256').update(script);
const version = hash.copy().digest('hex').slice(0, 12);
const integrity = `sha256-${hash.digest('base64')}`;

/** A file of the guide with loopback in place of the world; each text has to be there. */
function localize(name: string, replacements: Record<string, string>): string {
  return Object.entries(replacements).reduce((text, [found, replacement]) => {
    if (!text.includes(found)) throw new Error(`${name} lacks ${found}`);
    return text.replaceAll(found, replacement);
  }, files.get(name) ?? '');
}

/** nginx' file without TLS, which loopback has no certificate for. */
function nginxFile(name: string, port: number, replacements: Record<string, string>): string {
  return localize(name, { 'listen 443 ssl': `listen 127.0.0.1:${port}`, ...replacements }).replace(
    /^ *ssl_.*\n/gm,
    '',
  );
}

interface Given {
  port: number;
  upstream: string;
  folder: string;
}

const configurations: Record<ProxyId, (given: Given) => string> = {
  nginx: ({ port, upstream, folder }) =>
    nginxFile('acme.conf', port, {
      'acme.example': 'localhost',
      'https://market.example': upstream,
      '/var/www/acme': folder,
    }),
  caddy: ({ port, upstream, folder }) =>
    localize('Caddyfile', {
      'acme.example {': `http://localhost:${port} {\n\tbind 127.0.0.1`,
      'https://market.example': upstream,
      '/var/www/acme': folder,
    }),
};

const test = base.extend<{
  recorder: Recorder;
  /** Starts a web server for this test. */
  startProxy: (id: ProxyId, settings: ProxySettings) => Promise<void>;
  /** The folder of the site's own files. */
  folder: string;
}>({
  recorder: async ({ service }, use) => {
    const recorder = await startRecorder(service.baseUrl);
    await use(recorder);
    recorder.stop();
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from a pattern
  startProxy: async ({}, use) => {
    const stops: (() => Promise<void>)[] = [];
    await use(async (id, settings) => {
      stops.push((await startProxyServer(id, settings)).stop);
    });
    for (const stop of stops) await stop();
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from a pattern
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'onramp-acme-'));
    await use(folder);
    await rm(folder, { recursive: true });
  },
});

for (const id of ['nginx', 'caddy'] as const) {
  test(`script and messages by way of ${id}: proven, with their origin, without cookies`, async ({
    page,
    context,
    service,
    recorder,
    startProxy,
    folder,
  }) => {
    const port = await findFreePort();
    const origin = `http://localhost:${port}`;
    const provider = await service.addProvider('Acme CRM', origin);
    const configuration = configurations[id]({ port, upstream: recorder.baseUrl, folder });
    await startProxy(id, { configuration, port });
    const html = localize('thanks.html', { 'https://acme.example': origin, pk_acme: provider.partnerKey });
    await writeFile(join(folder, 'thanks.html'), html);
    // Pinned, and with the endpoint as a path alone.
    const pinned = html
      .replace('src="/m/script.js"', `src="/m/onramp-${version}.js" integrity="${integrity}"`)
      .replace(`${origin}/m`, '/m')
      .replace('A-1001', 'A-1002');
    await writeFile(join(folder, 'pinned.html'), pinned);

    const requested = new Set<string>();
    page.on('request', (asked) => requested.add(new URL(asked.url()).origin));
    await context.addCookies([{ name: 'session', value: 'secret', url: origin }]);
    await page.setExtraHTTPHeaders({ 'x-forwarded-for': '198.51.100.7', authorization: 'Basic c2VjcmV0' });
    await page.goto(withPanel(`${origin}/thanks.html?onramp_ref=test`));
    await expect(panelOn(page).root).toContainText('A-1001');
    await panelOn(page).text();
    await page.goto(`${origin}/pinned.html`);
    const ledger = createLedger(service, provider);
    const purchases = promised
      .filter(({ event }) => event === 'purchase')
      .flatMap((row) => [row, { ...row, orderId: 'A-1002' }]);
    await expect(() => compareLedger(ledger, { visits: 1, purchases })).toPass();
    // Proven: the picture came through as large as it was sent.
    const waiting = () =>
      page.evaluate(() => Object.values(localStorage).filter((value) => value.includes('customerId')));
    await expect(async () => expect(await waiting()).toEqual([])).toPass({ timeout: 15_000 });

    expect([...requested]).toEqual([origin]);
    const messages = recorder.recorded.filter(({ url }) => url.includes('SaasTrackings'));
    expect(new Set(messages.map(({ method }) => method))).toEqual(new Set(['POST', 'GET', 'HEAD']));
    for (const { headers } of recorder.recorded) {
      expect(headers.cookie).toBeUndefined();
      expect(headers.authorization).toBeUndefined();
      expect(headers['x-forwarded-for']).toBe('127.0.0.1');
      expect(headers.host).toBe(new URL(recorder.baseUrl).host);
      expect(headers['user-agent']).toContain('Chrome');
    }
    for (const path of ['/m/console', '/m/provider', '/m/api/rejections', '/m/api/SaasTrackings/x']) {
      expect((await fetch(origin + path)).status, path).toBe(404);
    }
  });
}

test('the marketplace believes the address that the provider’s server saw, and no other’s', async ({
  recorder,
  startProxy,
}) => {
  const [port, marketPort] = [await findFreePort(), await findFreePort()];
  const provider = configurations.nginx({
    port,
    upstream: `http://127.0.0.1:${marketPort}`,
    folder: '/nowhere',
  });
  const market = nginxFile('market.conf', marketPort, {
    'market.example': 'localhost',
    '203.0.113.5': '127.0.0.1',
    'http://127.0.0.1:4747': recorder.baseUrl,
  });
  await startProxy('nginx', { configuration: `${provider}\n${market}`, port });
  const ask = (localAddress: string, to: number, path: string) =>
    new Promise((done, failed) => {
      const headers = { 'x-forwarded-for': '198.51.100.7' };
      request({ host: '127.0.0.1', port: to, path, localAddress, headers }, (response) =>
        response.resume().on('end', done),
      )
        .on('error', failed)
        .end();
    });
  await ask('127.0.0.2', port, '/m/script.js');
  await ask('127.0.0.3', marketPort, '/onramp.js');
  // The service takes the last one.
  expect(
    recorder.recorded.map(({ headers }) => String(headers['x-forwarded-for']).split(', ').at(-1)),
  ).toEqual(['127.0.0.2', '127.0.0.3']);
});
