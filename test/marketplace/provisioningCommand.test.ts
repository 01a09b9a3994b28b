import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { parseProvisionUrl } from '../../src/marketplace/commands/arguments.ts';
import { type CommandLine, createCommandLine } from './support/command.ts';

// Each command is a process of its own, and a busy machine starts them slowly.
vi.setConfig({ testTimeout: 60_000 });

const svg =
  '<?xml version="1.0"?>\n<!-- Acme -->\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('rest')]);
const webp = Buffer.from('RIFF\x04\0\0\0WEBPVP8 ');

async function addAcme() {
  const line = await createCommandLine();
  await line.addProvider();
  return line;
}

async function runJson(line: CommandLine, ...args: string[]) {
  const { stdout, stderr, exitCode } = await line.run([...args, '--json']);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  return JSON.parse(stdout);
}

test('where a secret is shown, its form for Standard Webhooks is too', async () => {
  const line = await createCommandLine();
  const added = await runJson(line, 'provider', 'add', 'Acme', '--key', 'pk_acme');
  const rotated = await runJson(line, 'provider', 'rotate', 'pk_acme');
  for (const { secret, webhookSecret } of [added, rotated]) {
    expect(webhookSecret).toMatch(/^whsec_/);
    expect(Buffer.from(webhookSecret.slice(6), 'base64').toString()).toBe(secret);
  }
  const { stdout } = await line.run(['provider', 'rotate', 'pk_acme']);
  expect(stdout).toMatch(/ os_\w{8}_[\w-]{43}\n.* whsec_[\w+/]+=*\n/s);
});

test.each([
  'https://acme.example/acme-provision-account/',
  'http://localhost:4748/x',
  'http://acme.localhost/x',
  'http://127.0.0.1:4748/x',
  'http://[::1]:4748/x',
])('%s can be called', (url) => {
  expect(parseProvisionUrl(url)).toBe(url);
});

test.each([
  'http://acme.example/x',
  'http://localhost.acme.example/x',
  'http://127.0.0.1.acme.example/x',
  'https://user:pass@acme.example/x',
  'ftp://acme.example/x',
  '/x',
])('%s is refused: passwords would be sent there', (url) => {
  expect(() => parseProvisionUrl(url)).toThrow(/https/);
});

test('a provider and its form are set step by step, and only what is given changes', async () => {
  const line = await addAcme();
  const set = (...args: string[]) => runJson(line, 'provider', 'set', 'pk_acme', ...args);
  const form = (...args: string[]) => runJson(line, 'provision', 'form', 'pk_acme', ...args);
  const always = [
    { name: 'name', required: true },
    { name: 'email', required: true },
  ];
  expect(await form('--path', 'acme')).toEqual({
    partnerKey: 'pk_acme',
    path: '/order/acme',
    fields: always,
    hasResellerKey: false,
    logo: null,
    open: false,
  });
  const provisionUrl = 'https://acme.example/acme-provision-account/';
  const unencrypted = ['provider', 'set', 'pk_acme', '--provision-url', 'http://acme.example/'];
  expect(await line.run(unencrypted)).toMatchObject({ exitCode: 2 });
  expect(await set('--provision-url', provisionUrl)).toMatchObject({ provisionUrl, idempotent: false });
  expect(await set('--idempotent')).toMatchObject({ provisionUrl, idempotent: true });
  expect(await set('--not-idempotent')).toMatchObject({ provisionUrl, idempotent: false });
  const fields = [...always, { name: 'company', required: true }, { name: 'phone', required: false }];
  expect(await form('--field', 'phone', '--required', 'company', '--field', 'name')).toMatchObject({
    fields,
    open: true,
  });
  const changed = await form('--reseller-key', 'rk-1', '--path', 'acme-crm');
  expect(changed).toMatchObject({ path: '/order/acme-crm', fields, hasResellerKey: true });
  expect(await runJson(line, 'provision', 'list')).toEqual([changed]);
  const { stdout } = await line.run(['provision', 'list']);
  expect(stdout).toContain('name* email* company* phone');
  expect(stdout).not.toContain('rk-1');
});

test.each<[string, string[], number, RegExp]>([
  ['no path the first time', ['provision', 'form', 'pk_acme'], 2, /--path/],
  ['an unknown provider', ['provision', 'form', 'pk_b', '--path', 'a'], 1, /provider list/],
  [
    'a logo that is not there',
    ['provision', 'form', 'pk_acme', '--path', 'a', '--logo', 'no.png'],
    1,
    /cannot be read/,
  ],
  ['an unknown order', ['orders', 'show', '0198f3c2-7a10-7b3e-9c41-5d2f8e6a1b07'], 1, /orders list/],
  [
    'an unknown order to retry',
    ['orders', 'retry', '0198f3c2-7a10-7b3e-9c41-5d2f8e6a1b07'],
    1,
    /orders list/,
  ],
  [
    'an unknown order to settle',
    ['orders', 'settle', '0198f3c2-7a10-7b3e-9c41-5d2f8e6a1b07', '--failed'],
    1,
    /orders list/,
  ],
])('%s is explained', async (_name, args, exitCode, message) => {
  const line = await addAcme();
  const finished = await line.run(args);
  expect(finished.stderr).toMatch(message);
  expect(finished.exitCode).toBe(exitCode);
});

test("another provider's path is taken", async () => {
  const line = await addAcme();
  await line.addProvider('pk_other');
  await runJson(line, 'provision', 'form', 'pk_other', '--path', 'crm');
  const { exitCode, stderr } = await line.run(['provision', 'form', 'pk_acme', '--path', 'crm']);
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/\/order\/crm belongs to another provider/)]);
});

test('a logo is known by its content, served as what it is, and can run nothing', async () => {
  const line = await addAcme();
  const { baseUrl } = await line.serve();
  const setLogo = async (content: Buffer | string) => {
    const file = join(line.folder, 'logo.png');
    await writeFile(file, content);
    return await line.run(['provision', 'form', 'pk_acme', '--path', 'acme', '--logo', file, '--json']);
  };
  for (const [content, type] of [
    [svg, 'image/svg+xml'],
    [png, 'image/png'],
    [webp, 'image/webp'],
  ] as const) {
    const { stdout } = await setLogo(content);
    const logo = await fetch(baseUrl + JSON.parse(stdout).logo);
    expect([logo.status, logo.headers.get('content-type')]).toEqual([200, type]);
    expect(logo.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    );
    expect(logo.headers.get('x-content-type-options')).toBe('nosniff');
    expect(Buffer.from(await logo.arrayBuffer())).toEqual(Buffer.from(content));
  }
  for (const content of ['<html><svg></svg></html>', 'GIF89a', '', `${svg}${' '.repeat(256 * 1024)}`]) {
    expect(await setLogo(content)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('The logo'),
    });
  }
  const { stdout } = await line.run(['provision', 'form', 'pk_acme', '--no-logo', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ logo: null });
  expect((await fetch(`${baseUrl}/logos/0123456789abcdef0123456789abcdef`)).status).toBe(404);
});
