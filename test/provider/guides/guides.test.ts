import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { findChromium } from '../../../tools/browser.mjs';
import { chromiumArguments } from '../../../tools/chromiumArguments.ts';
import { frameworksFolder } from '../../../tools/frameworks.mjs';
import { findPhp } from '../../../tools/php.mjs';
import { startService } from '../../marketplace/support/service.ts';
import { complaint, countPixels, readScriptsBelow } from '../../module/support/app.ts';
import { findFreePort } from '../../support/freePort.ts';
import { nextSecret, secret } from '../support/client.ts';
import { type CallChanges, order, signedCall } from '../support/order.ts';
import { answer, startServer } from '../support/server.ts';
import { installKit, writeGuideApp } from './support/app.ts';
import { type Guide, readGuide, writeGuide } from './support/guide.ts';
import { addNextLines } from './support/nextLines.ts';
import { runProgram, startProgram } from './support/program.ts';

// Real servers in processes of their own, which a busy machine starts slowly.
vi.setConfig({ testTimeout: 60_000 });

const root = resolve(import.meta.dirname, '../../..');

let folder: string;
let browser: Browser;

beforeAll(async () => {
  const executablePath = findChromium();
  [folder, browser] = await Promise.all([
    installKit(),
    chromium.launch({ ...(executablePath && { executablePath }), args: chromiumArguments }),
  ]);
}, 180_000);

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

interface Environment {
  baseUrl: string;
  secret?: string;
}

/** What the guides say to set, and a free port. */
function environmentOf({ baseUrl, secret: ownSecret = secret }: Environment): Record<string, string> {
  return {
    ONRAMP_BASE_URL: baseUrl,
    ONRAMP_PARTNER_KEY: 'pk_acme',
    ONRAMP_SECRET: ownSecret,
    PORT: '0',
    HOSTNAME: '127.0.0.1',
    NEXT_TELEMETRY_DISABLED: '1',
  };
}

const writeApp = (guide: string, change?: [text: string, replacement: string]) =>
  writeGuideApp(folder, guide, change);

/** Calls the endpoint as the marketplace does. */
async function call(url: string, message: object, changes?: CallChanges) {
  const response = await fetch(url, { ...signedCall(message, changes), redirect: 'manual' });
  return { status: response.status, body: await response.json() };
}

/** All that an endpoint of the guides has to do; the marketplace calls it with the provider's own secret. */
async function checkEndpoint(url: string, ownSecret: string): Promise<void> {
  const callIt = (message: object, changes: CallChanges = {}) =>
    call(url, message, { secret: ownSecret, ...changes });
  expect(await callIt(order, { secret: nextSecret })).toMatchObject({ status: 401 });
  const { password: _password, ...withoutPassword } = order;
  expect(await callIt(withoutPassword)).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '/password' }] },
  });
  const both = [await callIt(order), await callIt(order)];
  expect(both).toEqual(Array(2).fill({ status: 201, body: { coid: 'c-1' } }));
  const again = await callIt(order, { id: 'order-2' });
  expect(again).toMatchObject({ status: 409, body: { errors: [{ pointer: '/email' }] } });
  const other = await callIt({ ...order, email: 'grace@acme.example' }, { id: 'order-3' });
  expect(other).toEqual({ status: 201, body: { coid: 'c-2' } });
  expect((await fetch(url)).status).toBe(405);
}

type App = Pick<Guide, 'commands' | 'promised'>;
type Service = Awaited<ReturnType<typeof startService>>;

/** The ledger holds the rows that the guide promises, and no others; what the guide leaves empty is not in them. */
async function checkLedger(service: Service, ownSecret: string, { promised }: App): Promise<void> {
  const names = Object.keys(promised[0] ?? {});
  async function readRows() {
    const rows = await service.list('/api/SaasTrackings', ownSecret);
    return rows
      .map((row) => Object.fromEntries(names.map((name) => [name, row[name]])))
      .sort((one, other) => String(other.event).localeCompare(String(one.event)));
  }
  await expect.poll(readRows, { timeout: 25_000 }).toEqual(promised);
}

/** Buys twice what the command at the guide's end buys. */
async function buy(url: string, { commands }: App): Promise<void> {
  const body = commands.flatMap((command) => /\/checkout .* -d '(.*)'$/.exec(command)?.[1] ?? []).join();
  const init = { method: 'POST', body, headers: { 'content-type': 'application/json' } };
  for (const _time of ['bought', 'reloaded']) {
    expect(await (await fetch(`${url}/checkout`, init)).text()).toBe('Thank you!');
  }
}

async function checkReport(cwd: string): Promise<void> {
  const { baseUrl, received } = await startServer(answer(201, {}), answer(403, { detail: 'Not yours.' }));
  const { exitCode, output } = await runProgram(process.execPath, ['report.js', '2026-05'], {
    cwd,
    env: environmentOf({ baseUrl }),
  });
  expect({ exitCode, output }).toEqual({
    exitCode: 1,
    output: '2026-05 c-1: reported\n2026-05 c-2: The marketplace answered 403: Not yours.\n',
  });
  const subscription = { sku: 'CRM-SEATS', period: '2026-05', providerkey: 'pk_acme' };
  expect(received.map(({ body }) => JSON.parse(body))).toEqual([
    { ...subscription, coid: 'c-1', count: 12, expired: false },
    { ...subscription, coid: 'c-2', count: 3, expired: true, 'expired-date': '2026-05-20' },
  ]);
}

/** The landing is kept, and what was kept comes back when the pixel's cookie has gone. */
async function checkReferral(
  fetchPage: (query: string, headers: Record<string, string>) => Promise<Response>,
) {
  const headers = { accept: 'text/html' };
  const landing = await fetchPage('?onramp_ref=r1', headers);
  const [kept = ''] = landing.headers.getSetCookie();
  expect(kept).toMatch(/^onramp_pk_acme\.kept=referral=r1&.*; HttpOnly$/);
  expect(landing.status).toBe(200);
  const later = await fetchPage('', { ...headers, cookie: kept.split(';')[0] ?? '' });
  expect(later.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^onramp_pk_acme=referral=r1&[^;]*; Max-Age=\d+; Path/),
  ]);
  expect((await fetchPage('', headers)).headers.getSetCookie()).toEqual([]);
}

/** What a user might do before the endpoint gets the body. */
const readBefore: Record<string, [text: string, replacement: string]> = {
  'node-http': ['return await provision(', 'await json(request), await provision('],
  express: ['const app = express();', 'const app = express();\napp.use(express.json());'],
  fastify: [
    '  plugin.removeAllContentTypeParsers();\n' +
      "  plugin.addContentTypeParser('*', (_request, _payload, done) => done(null));\n",
    '',
  ],
};

describe.each(['node-http', 'express', 'fastify'])('docs/guides/%s.md', (guide) => {
  async function start(environment: Environment, change?: [text: string, replacement: string]) {
    const { cwd, ...app } = await writeApp(guide, change);
    expect(app.commands).toContain('node server.js');
    const env = environmentOf(environment);
    return { ...app, ...(await startProgram(process.execPath, ['server.js'], { cwd, env })) };
  }

  test('the endpoint and the purchase', async () => {
    const service = await startService();
    const { secret } = await service.addProvider();
    const { url, ...app } = await start({ baseUrl: service.baseUrl, secret });
    await checkEndpoint(`${url}/acme-provision-account/`, secret);
    await buy(url, app);
    await checkLedger(service, secret, app);
  });

  test('the report', async () => {
    const { cwd, commands } = await writeApp(guide);
    expect(commands).toContain('node report.js 2026-05');
    await checkReport(cwd);
  });

  test('a body that was read before is explained, to the caller and in the log', async () => {
    const { url, output } = await start({ baseUrl: 'https://market.example' }, readBefore[guide]);
    expect(await call(`${url}/acme-provision-account/`, order)).toMatchObject({
      status: 500,
      body: { type: 'urn:onramp:problem:body_used' },
    });
    await expect.poll(output).toContain('mount this route before express.json()');
  });
});

describe('docs/guides/referral.md', () => {
  test.each(['express.js', 'fastify.js'])('%s', async (file) => {
    const { cwd } = await writeApp('referral');
    const env = environmentOf({ baseUrl: 'https://market.example' });
    const { url } = await startProgram(process.execPath, [file], { cwd, env });
    await checkReferral((query, headers) => fetch(`${url}/${query}`, { headers }));
  });

  test('withReferral.js', async () => {
    const { cwd } = await writeApp('referral');
    const { withReferral } = await import(String(pathToFileURL(resolve(cwd, 'withReferral.js'))));
    const page = await fetch('data:text/html,Welcome!');
    const handle = withReferral(async () => page, { partnerKey: 'pk_acme' });
    await checkReferral((query, headers) =>
      handle(new Request(`https://acme.example/${query}`, { headers })),
    );
  });
});

describe('docs/guides/thank-you-page.md', () => {
  const hostile = '"><b id=hole>&quot;';

  test('server.js: the page reports what was signed, once, whatever is in the order', async () => {
    const { cwd, commands, promised } = await writeApp('thank-you-page');
    expect(commands).toContain('node server.js');
    const service = await startService({ script: await readFile(resolve(root, 'dist/onramp.js'), 'utf8') });
    const port = String(await findFreePort());
    const { secret } = await service.addProvider({ origins: [`http://localhost:${port}`] });
    service.time.now = Date.now();
    const env = { ...environmentOf({ baseUrl: service.baseUrl, secret }), PORT: port };
    await startProgram(process.execPath, ['server.js'], { cwd, env });
    const page = await browser.newPage();
    await page.goto(`http://localhost:${port}/?order=A-1001`);
    await page.reload();
    await checkLedger(service, secret, { commands, promised });
    await page.goto(`http://localhost:${port}/?${new URLSearchParams({ order: hostile })}`);
    expect(await page.locator('#hole').count()).toBe(0);
    await expect
      .poll(async () => (await service.list('/api/SaasTrackings?event=purchase', secret))[0])
      .toMatchObject({ orderId: hostile, trust: 'signed' });
    await page.close();
  });

  test("thank-you.php, with the reference's function", async () => {
    const { cwd, promised } = await writeApp('thank-you-page', ["?? 'A-1001'", `?? '${hostile}'`]);
    const reference = await readFile(resolve(root, 'docs/provider.md'), 'utf8');
    const [, functions = ''] = /```php\n([\s\S]*?)```/.exec(reference) ?? [];
    await writeFile(resolve(cwd, 'sign_purchase.php'), functions);
    const service = await startService();
    const { secret } = await service.addProvider();
    service.time.now = Date.now();
    const php = findPhp();
    if (!php) throw new Error("PHP isn't there: node tools/setup.mjs --tests");
    const env = environmentOf({ baseUrl: 'https://market.example', secret });
    const { output } = await runProgram(php, ['thank-you.php'], { cwd, env });
    const page = await browser.newPage({ javaScriptEnabled: false });
    await page.setContent(output);
    expect(await page.locator('#hole').count()).toBe(0);
    const { track, ...message } = await page.locator('script').evaluate(({ dataset }) => ({ ...dataset }));
    expect(track).toBe('purchase');
    const { now } = service.time;
    expect(await service.post({ ...message, purchasedAt: now, clock: now })).toMatchObject({ status: 201 });
    expect(await service.list('/api/SaasTrackings', secret)).toMatchObject([
      { ...promised[0], orderId: hostile, trust: 'signed' },
    ]);
    await page.close();
  });
});

test('docs/guides/from-2017.md: what the old client has reported is the same purchase, and believed', async () => {
  const { cwd, commands, promised } = await writeApp('from-2017');
  const service = await startService();
  const { secret } = await service.addProvider();
  service.time.now = Date.parse('2026-11-26T12:00:00Z');
  const old = { partnerKey: 'pk_acme', serviceName: 'Acme CRM', customerId: '42' };
  await service.post({ ...old, purchasedAt: '2026-11-24T10:00:00Z' });
  expect(await service.list('/api/SaasTrackings', secret)).toMatchObject([{ trust: 'unsigned' }]);
  const env = environmentOf({ baseUrl: service.baseUrl, secret });
  const run = (line: string) =>
    runProgram('sh', ['-c', line.replace('node', process.execPath)], { cwd, env });
  const [track = '', usage = ''] = commands.filter((line) => line.startsWith('node '));
  expect(await run(track)).toEqual({ exitCode: 0, output: 'duplicate server\n' });
  await checkLedger(service, secret, { commands, promised });
  expect(await run(usage)).toEqual({ exitCode: 0, output: 'reported\n' });
  expect(await service.list('/api/subscriptions', secret)).toMatchObject([
    { coid: '43', status: 'terminated' },
    { coid: '42', status: 'active', usage: [{ count: '12' }] },
  ]);
});

describe('docs/guides/nextjs.md', () => {
  const next = resolve(frameworksFolder, 'node_modules/.bin/next');

  test('pages and backend in a browser, the endpoint and the report, built and started for real', async () => {
    const service = await startService({ script: await readFile(resolve(root, 'dist/onramp.js'), 'utf8') });
    service.time.now = Date.now();
    const port = String(await findFreePort());
    const origin = `http://localhost:${port}`;
    const { secret: ownSecret } = await service.addProvider({ origins: [origin] });
    const lines = { baseUrl: service.baseUrl, partnerKey: 'pk_lines', serviceName: 'Acme "CRM" & more' };
    const { secret: secretOfLines } = await service.addProvider({ ...lines, origins: [origin] });
    const { cwd, ...app } = await writeApp('nextjs', ['https://market.example', service.baseUrl]);
    expect(app.commands).toEqual(expect.arrayContaining(['npx next build', 'npx next start']));
    const early = resolve(cwd, 'app/read-before');
    await mkdir(early);
    await writeFile(
      resolve(early, 'route.js'),
      "import { provisionAccount } from '../../lib/onramp.js';\n" +
        'export async function POST(request) {\n  await request.text();\n  return await provisionAccount(request);\n}\n',
    );
    const proxy = [...(await readGuide('guides/referral')).files].filter(([path]) => path === 'proxy.js');
    await writeGuide({ files: new Map(proxy) }, cwd);
    await addNextLines(cwd, lines);
    const built = await runProgram(next, ['build'], {
      cwd,
      env: environmentOf({ baseUrl: 'https://market.example' }),
    });
    expect(built).toMatchObject({ exitCode: 0 });
    expect(built.output).not.toMatch(complaint);
    // The one that browsers load; the kit, which has the same path in it, is the server's alone.
    expect(countPixels(await readScriptsBelow(resolve(cwd, '.next/static')))).toBe(1);

    const { url } = await startProgram(next, ['start', '--port', port], {
      cwd,
      env: environmentOf({ baseUrl: service.baseUrl, secret: ownSecret }),
    });
    const page = await browser.newPage();
    await page.goto(`${origin}/?onramp_ref=try-1`);
    await page.getByRole('button', { name: 'Buy' }).click();
    await page.getByText('Thank you!').waitFor();
    await checkLedger(service, ownSecret, app);
    // And the lines that the provider's page has for it.
    await page.goto(`${origin}/lines?onramp_ref=try-2`);
    await expect.poll(() => page.evaluate('typeof window.onrampTrack')).toBe('function');
    await page.goto(`${origin}/lines/thanks`);
    const { serviceName } = lines;
    await expect
      .poll(() => service.list('/api/SaasTrackings?event=purchase', secretOfLines), { timeout: 25_000 })
      .toMatchObject([
        { serviceName, customerId: '42', orderId: 'A-1001', amount: '49.90', referral: 'try-2' },
      ]);
    await page.close();

    await checkEndpoint(`${url}/acme-provision-account`, ownSecret);
    expect(await call(`${url}/read-before`, order, { secret: ownSecret })).toMatchObject({
      status: 500,
      body: { type: 'urn:onramp:problem:body_used' },
    });
    const slash = await fetch(`${url}/acme-provision-account/`, { ...signedCall(order), redirect: 'manual' });
    expect(slash.status).toBe(308);
    await checkReferral((query, headers) => fetch(`${url}/thank-you${query}`, { headers }));
    await checkReport(cwd);
  }, 180_000);
});
