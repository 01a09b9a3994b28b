import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test, vi } from 'vitest';
import { startService } from '../marketplace/support/service.ts';
import { answer, reset, startServer } from './support/server.ts';

const root = resolve(import.meta.dirname, '../..');
const linked = resolve(root, 'node_modules/.bin/onramp-track');
const purchase = ['pk_acme', 'Acme CRM', 'cust-1', '2026-05-04T10:00:00Z'];

// Each command is a process of its own, and a busy machine starts them slowly.
vi.setConfig({ testTimeout: 60_000 });

/** The command as it is linked in node_modules/.bin, run as it is. */
function run(args: string[], environment: Record<string, string> = {}, command = linked) {
  const { ONRAMP_BASE_URL: _url, ONRAMP_SECRET: _secret, ...inherited } = process.env;
  const env = { ...inherited, ...environment };
  return new Promise<{ exitCode: number; stdout: string; stderr: string }>((done) => {
    const child = execFile(command, args, { env }, (_error, stdout, stderr) =>
      done({ exitCode: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

test('a purchase is reported, the first time and again, with a secret', async () => {
  const service = await startService();
  const { secret } = await service.addProvider();
  const environment = { ONRAMP_BASE_URL: service.baseUrl, ONRAMP_SECRET: secret };
  const created = await run(purchase, environment);
  expect(created).toMatchObject({ exitCode: 0, stderr: '' });
  const [, status, body] = /^statusCode: (\d+)\nbody: (.*)\n$/.exec(created.stdout) ?? [];
  expect(status).toBe('201');
  expect(JSON.parse(body ?? '')).toMatchObject({ status: 'created', purchase: { trust: 'server' } });
  expect(await run(purchase, environment)).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('statusCode: 200'),
  });
});

test('of a customer who is called like an option', async () => {
  const service = await startService();
  const { secret } = await service.addProvider();
  const environment = { ONRAMP_BASE_URL: service.baseUrl, ONRAMP_SECRET: secret };
  const [partnerKey = '', serviceName = '', , purchasedAt = ''] = purchase;
  for (const customerId of ['-h', '--help']) {
    expect(await run([partnerKey, serviceName, customerId, purchasedAt], environment)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('statusCode: 201'),
    });
  }
  const rows = await service.list('/api/SaasTrackings', secret);
  expect(rows).toMatchObject([{ customerId: '--help' }, { customerId: '-h' }]);
});

test.each(['-h', '--help'])('with %s in the first place the usage is printed', async (option) => {
  expect(await run([option])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^usage: onramp-track/),
  });
});

test('and without', async () => {
  const service = await startService();
  const { secret } = await service.addProvider();
  expect(await run(purchase, { ONRAMP_BASE_URL: service.baseUrl, ONRAMP_SECRET: '' })).toMatchObject({
    exitCode: 0,
  });
  expect(await service.list('/api/SaasTrackings', secret)).toMatchObject([{ trust: 'unsigned' }]);
});

test('a refusal is printed', async () => {
  const service = await startService();
  await service.addProvider();
  const refused = await run([...purchase.slice(0, 3), 'yesterday'], { ONRAMP_BASE_URL: service.baseUrl });
  expect(refused.exitCode).toBe(1);
  expect(refused.stdout).toMatch(/^statusCode: 400\nbody: \{.*purchasedAt must be an ISO 8601.*\}\n$/);
});

test.each([
  ['201 without a body', answer(201, ''), 0, 'statusCode: 201\nbody: \n'],
  ['200 with a body of its own', answer(200, { ok: true }), 0, 'statusCode: 200\nbody: {"ok":true}\n'],
  ['404 with a page', answer(404, '<h1>Not found</h1>'), 1, 'statusCode: 404\nbody: <h1>Not found</h1>\n'],
])('of another service, %s is printed as it is', async (_name, behaviour, exitCode, stdout) => {
  const { baseUrl } = await startServer(behaviour);
  expect(await run(purchase, { ONRAMP_BASE_URL: baseUrl })).toMatchObject({ exitCode, stdout });
});

test('a marketplace out of reach is explained', async () => {
  const { baseUrl } = await startServer(reset);
  const { exitCode, stdout, stderr } = await run(purchase, { ONRAMP_BASE_URL: baseUrl });
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toMatch(/^error: http:.*\(try 4\)/);
});

test.each([
  ['no argument', [], {}, 'a parameter is missing'],
  ['one too few', purchase.slice(0, 3), {}, 'a parameter is missing'],
  ['an empty one', [...purchase.slice(0, 3), ''], {}, 'a parameter is missing'],
  ['one too many', [...purchase, 'more'], {}, 'more parameters than four'],
  ['no address', purchase, { ONRAMP_BASE_URL: '' }, 'ONRAMP_BASE_URL is not set'],
  ['an address that is none', purchase, { ONRAMP_BASE_URL: 'market' }, 'error: ONRAMP_BASE_URL has to be'],
  ['a secret that is none', purchase, { ONRAMP_SECRET: 'pk_acme' }, 'error: ONRAMP_SECRET has to be'],
])('with %s the usage is printed', async (_name, args, environment, mistake) => {
  const finished = await run(args, { ONRAMP_BASE_URL: 'http://127.0.0.1:1', ...environment });
  expect(finished).toMatchObject({ exitCode: 2, stdout: '' });
  expect(finished.stderr).toContain(mistake);
  expect(finished.stderr).toContain(
    'usage: onramp-track <partner-key> <service-name> <customer-id> <purchased-at>',
  );
});

test('under a Node that is too old it says what to do', async () => {
  const pretended = resolve(root, 'test/marketplace/support/pretendedNode.cjs');
  const bin = resolve(root, 'src/provider/bin/onramp-track.js');
  const script = `import(${JSON.stringify(pathToFileURL(bin))})`;
  const args = ['--require', pretended, '--input-type=module', '--eval', script];
  expect(await run(args, { PRETENDED_NODE: '18.20.0' }, process.execPath)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('needs Node 20 or newer, and this is'),
  });
});
