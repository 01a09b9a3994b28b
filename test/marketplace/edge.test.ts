// nginx before the service, as docs/edge.md has it.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { defaultLimits } from '../../src/marketplace/limits/limits.ts';
import { startProxyServer } from '../integrations/proxy/servers.ts';
import { findFreePort } from '../support/freePort.ts';
import { temporaryFolder } from './support/files.ts';
import { patience } from './support/patience.ts';
import { purchase } from './support/purchase.ts';
import { startService } from './support/service.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/edge.md'), 'utf8');

/** Leads to a service that can be another one, or away; an hour is a second for whoever asks by way of it. */
async function startOrigin(baseUrl: string) {
  const asked: string[] = [];
  const origin = { baseUrl: baseUrl as string | undefined, asked, port: 0 };
  const server = createServer((incoming, answer) => {
    const { url = '', method = '', headers } = incoming;
    asked.push(`${method} ${url.split('?', 1)[0]}`);
    if (origin.baseUrl === undefined) return void incoming.socket.destroy();
    const outgoing = request(new URL(url, origin.baseUrl), { method, headers }, (response) => {
      const cacheControl = String(response.headers['cache-control']).replace('max-age=3600', 'max-age=1');
      answer.writeHead(response.statusCode ?? 502, { ...response.headers, 'cache-control': cacheControl });
      response.pipe(answer);
    });
    incoming.pipe(outgoing);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  origin.port = (server.address() as AddressInfo).port;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return origin;
}

/** The guide's nginx before the origin; the test is the CDN before it. */
async function startEdge(originPort: number) {
  const folder = await temporaryFolder();
  const port = await findFreePort();
  const configuration = (/```nginx\n(.*?)```/s.exec(page)?.[1] ?? '')
    .replace('listen 443 ssl', `listen 127.0.0.1:${port}`)
    .replace(/ssl_certificate.*/g, '')
    .replace('server 127.0.0.1:4747', `server 127.0.0.1:${originPort}`)
    .replace('/var/cache/nginx', folder)
    .replaceAll('/var/log/nginx', folder)
    .replace(/# set_real_ip_from .*/, 'set_real_ip_from 127.0.0.1;')
    .replace('# real_ip_header', 'real_ip_header');
  const nginx = await startProxyServer('nginx', { configuration, port });
  onTestFinished(() => nginx.stop());
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual', ...init });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const logs = () =>
    ['onramp.log', 'onramp-error.log'].map((name) => readFileSync(join(folder, name), 'utf8')).join('');
  return { ask, logs };
}

test('nginx keeps the script, and nothing of what has to be new, and tells the service whose the requests are', async () => {
  const limits = { ...defaultLimits, perAddress: 3 };
  const service = await startService({ script: '/* one */', trustedProxies: 1, limits });
  const acme = await service.addProvider();
  await acme.addListing('acme');
  const origin = await startOrigin(service.baseUrl);
  const { ask, logs } = await startEdge(origin.port);

  // What is kept is asked for once, whatever the query.
  for (const path of ['/onramp.js', '/onramp.js?partner-key=pk_acme', '/onramp.js?partner-key=pk_other']) {
    expect(await ask(path)).toMatchObject({ status: 200, text: '/* one */' });
  }
  const assets = ['/openapi.json', '/openapi.json'];
  for (const path of assets) expect(await ask(path)).toMatchObject({ status: 200 });
  const known = { 'if-none-match': (await ask('/onramp.js')).headers.get('etag') ?? '' };
  expect(await ask('/onramp.js', { headers: known })).toMatchObject({ status: 304, text: '' });
  expect(await ask('/onramp.js', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
  expect(origin.asked.filter((asked) => !asked.endsWith('onramp.js'))).toEqual(['GET /openapi.json']);
  expect(origin.asked.length).toBeLessThan(4);

  // What isn't, each time.
  origin.asked.length = 0;
  const picture = `/api/SaasTrackings.gif?${new URLSearchParams({ ...purchase, partnerKey: acme.partnerKey })}`;
  const links: (string | null)[] = [];
  for (const _ of [1, 2]) {
    expect(await ask(picture)).toMatchObject({ status: 200 });
    links.push((await ask('/go/acme')).headers.get('location'));
    expect(await ask('/onramp-000000000000.js')).toMatchObject({ status: 404 });
  }
  expect(new Set(links).size).toBe(2);
  expect(origin.asked.filter((asked) => asked === 'GET /onramp-000000000000.js')).toHaveLength(2);
  expect(origin.asked).toHaveLength(6);

  // Visitors are told apart, whatever they say of themselves.
  const visit = async (address: string, forged: string) =>
    (await ask(picture, { headers: { 'cf-connecting-ip': address, 'x-forwarded-for': forged } })).status;
  const statuses: number[] = [];
  for (const forged of ['198.51.100.1', '198.51.100.2', '198.51.100.3', '198.51.100.4']) {
    statuses.push(await visit('203.0.113.7', forged));
  }
  expect(statuses).toEqual([200, 200, 200, 429]);
  expect(await visit('203.0.113.8', '203.0.113.7')).toBe(200);

  // A new version comes once its time is over; and stays while the service is away.
  const next = await startService({ script: '/* two */', database: service.database });
  origin.baseUrl = next.baseUrl;
  await expect.poll(async () => (await ask('/onramp.js')).text, patience).toBe('/* two */');
  origin.baseUrl = undefined;
  const stale = async () => {
    const { status, headers, text } = await ask('/onramp.js');
    expect([status, text]).toEqual([200, '/* two */']);
    return headers.get('x-cache');
  };
  await expect.poll(stale, patience).toMatch(/STALE|UPDATING/);
  expect(await ask(picture)).toMatchObject({ status: 502 });

  expect(logs()).toContain('GET /api/SaasTrackings.gif');
  expect(logs()).not.toContain('partner');
});
