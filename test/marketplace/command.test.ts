import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import packageJson from '../../src/marketplace/package.json' with { type: 'json' };
import { type CommandLine, createCommandLine } from './support/command.ts';
import { patience } from './support/patience.ts';
import { bearer, purchase } from './support/purchase.ts';

async function runJson(line: CommandLine, ...args: string[]) {
  const { exitCode, stdout, stderr } = await line.run([...args, '--json']);
  expect({ exitCode, stderr, lines: stdout.trim().split('\n').length }).toEqual({
    exitCode: 0,
    stderr: '',
    lines: 1,
  });
  return JSON.parse(stdout);
}

// Each command is a process of its own, and a busy machine starts them slowly.
vi.setConfig({ testTimeout: 60_000 });

describe('provider', () => {
  test('add prints the key, the secret and the line to paste', async () => {
    const line = await createCommandLine();
    const { exitCode, stdout } = await line.run([
      'provider',
      'add',
      'Acme "CRM" Ltd.',
      '--origin',
      'https://acme.example/',
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/pk_acme_crm_ltd_[a-z0-9]{4}\n/);
    expect(stdout).toMatch(/os_[a-z0-9]{8}_[\w-]{43}\n/);
    expect(stdout).toContain('data-service-name="Acme &quot;CRM&quot; Ltd."');
  });

  test('add, set, rotate and list', async () => {
    const line = await createCommandLine();
    const added = await runJson(
      line,
      'provider',
      'add',
      'Acme',
      '--key',
      'pk_acme',
      '--origin',
      'https://a.example',
    );
    expect(added).toMatchObject({
      partnerKey: 'pk_acme',
      origins: ['https://a.example'],
      minimumLevel: 'unsigned',
    });
    await runJson(line, 'provider', 'set', 'pk_acme', '--minimum-level', 'origin', '--disabled');
    await runJson(
      line,
      'provider',
      'set',
      'pk_acme',
      '--origin',
      'https://b.example',
      '--origin',
      'http://c.example:81',
    );
    const second = await runJson(line, 'provider', 'rotate', 'pk_acme');
    const third = await runJson(line, 'provider', 'rotate', 'pk_acme');
    const { stdout } = await line.run(['provider', 'list', '--json']);
    expect(JSON.parse(stdout)).toEqual([
      {
        partnerKey: 'pk_acme',
        name: 'Acme',
        origins: ['https://b.example', 'http://c.example:81'],
        minimumLevel: 'origin',
        disabled: true,
        provisionUrl: null,
        idempotent: false,
        liveKeyIds: [second.keyId, third.keyId],
      },
    ]);
    expect(stdout).not.toContain(third.secret);
  });
});

test.each<[string, string[], number, RegExp]>([
  ['no command', [], 2, /Usage/],
  ['an unknown command', ['sell'], 2, /unknown command/],
  ['a missing name', ['provider', 'add'], 2, /missing required argument/],
  [
    'an origin with a path',
    ['provider', 'add', 'A', '--origin', 'https://a.example/x'],
    2,
    /Did you mean https:\/\/a.example\?/,
  ],
  ['an origin that is none', ['provider', 'add', 'A', '--origin', 'a.example'], 2, /https:\/\/acme.example/],
  [
    'a level that is none',
    ['provider', 'add', 'A', '--minimum-level', 'high'],
    2,
    /unsigned, origin, signed, server/,
  ],
  ['nothing to change', ['provider', 'set', 'pk_a'], 2, /Nothing to change/],
  ['an unknown provider', ['provider', 'rotate', 'pk_a'], 1, /provider list/],
  [
    'a listing of nobody',
    ['listing', 'add', 'a', '--provider', 'pk_a', '--landing', 'https://a.example'],
    1,
    /pk_a/,
  ],
  [
    'a landing page that is none',
    ['listing', 'add', 'a', '--provider', 'pk_a', '--landing', '/x'],
    2,
    /http or https/,
  ],
  ['a port that is none', ['serve', '--port', '65536'], 2, /0 to 65535/],
  ['a host that is none', ['serve', '--host', 'no.such.host.invalid', '--port', '0'], 2, /host/],
  ['a script that is none', ['serve', '--port', '0', '--script', '/nowhere.js'], 1, /npm run build/],
  ['PostgreSQL', ['provider', 'list', '--database', 'postgres://localhost/x'], 2, /SQLite/],
])('%s is explained', async (_name, args, exitCode, message) => {
  const line = await createCommandLine();
  const finished = await line.run(
    args[0] === 'serve' && !args.includes('--script') ? [...args, '--script', line.script] : args,
  );
  expect(finished.stderr).toMatch(message);
  expect(finished.exitCode).toBe(exitCode);
});

/** A port of this machine that something listens at. */
async function usedPort(): Promise<string> {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const address = other.address();
  return String(typeof address === 'object' && address?.port);
}

/** Tries to serve as the environment says. */
async function serve(line: CommandLine, environment: Record<string, string>) {
  return await line.run(['serve', '--script', line.script], environment);
}

test('a port in use is explained', async () => {
  const line = await createCommandLine();
  const port = await usedPort();
  const { exitCode, stderr } = await serve(line, { PORT: port });
  expect(stderr).toContain(`port ${port}: the port is in use`);
  expect(exitCode).toBe(1);
});

describe('an empty variable of the environment counts as none', () => {
  test('PORT', async () => {
    const line = await createCommandLine();
    const { stderr } = await serve(line, { PORT: '', HOST: 'no.such.host.invalid' });
    expect(stderr).toContain('Cannot listen at no.such.host.invalid port 4747');
  });

  test('HOST', async () => {
    const line = await createCommandLine();
    const port = await usedPort();
    const { stderr } = await serve(line, { PORT: port, HOST: '' });
    expect(stderr).toContain(`Cannot listen at 127.0.0.1 port ${port}`);
  });
});

test('a running service sees new providers and listings, and what the command line lists is what it refused', async () => {
  const line = await createCommandLine();
  const { baseUrl } = await line.serve();
  const post = (fields: object) =>
    fetch(`${baseUrl}/api/SaasTrackings`, { method: 'POST', body: JSON.stringify(fields) });
  expect((await post(purchase)).status).toBe(403);

  const { secret } = await runJson(line, 'provider', 'add', 'Acme', '--key', 'pk_acme');
  const status = async () => (await post(purchase)).status;
  await expect.poll(status, patience).toBe(201);

  await runJson(
    line,
    'listing',
    'add',
    'acme',
    '--provider',
    'pk_acme',
    '--landing',
    'https://acme.example/',
  );
  const changed = await runJson(
    line,
    'listing',
    'add',
    'acme',
    '--provider',
    'pk_acme',
    '--landing',
    'https://acme.example/a',
  );
  expect(changed).toMatchObject({ path: '/go/acme' });
  expect(await runJson(line, 'listing', 'list')).toMatchObject([
    { listing: 'acme', landingUrl: 'https://acme.example/a' },
  ]);
  const link = await fetch(`${baseUrl}/go/acme`, { redirect: 'manual' });
  expect(link.headers.get('location')).toMatch(/^https:\/\/acme.example\/a\?onramp_ref=/);

  await post({ ...purchase, customerId: '' });
  expect(await runJson(line, 'rejections', 'list')).toMatchObject([
    { reason: 'invalid_fields' },
    { reason: 'unknown_partner_key' },
  ]);
  // What named the provider before there was one, too: it can be replayed now.
  expect(await runJson(line, 'rejections', 'list', '--provider', 'pk_acme')).toMatchObject([
    { partnerKey: 'pk_acme', reason: 'invalid_fields' },
    { partnerKey: 'pk_acme', reason: 'unknown_partner_key' },
  ]);
  expect(await runJson(line, 'rejections', 'list', '--provider', 'pk_other')).toEqual([]);

  await runJson(line, 'provider', 'set', 'pk_acme', '--disabled');
  await expect.poll(status, patience).toBe(403);
  const read = await fetch(`${baseUrl}/api/SaasTrackings`, { headers: bearer(secret) });
  expect(await read.json()).toMatchObject({ items: [{ customerId: 'cust-1' }] });
});

test('processes that open a new database in the same moment all find it in order', async () => {
  const line = await createCommandLine({ empty: true });
  const names = ['A', 'B', 'C', 'D'];
  const finished = await Promise.all(names.map((name) => line.run(['provider', 'add', name, '--json'])));
  expect(finished.map(({ stderr }) => stderr)).toEqual(['', '', '', '']);
  expect(await runJson(line, 'provider', 'list')).toHaveLength(4);
});

describe('under a Node that is too old', () => {
  test('the command runs itself under the pinned one, exit code and all', async () => {
    const line = await createCommandLine({ asNode: '20.0.0' });
    expect(await runJson(line, 'provider', 'list')).toEqual([]);
    expect(await line.run(['provider', 'add'])).toMatchObject({ exitCode: 2 });
  });

  test('a signal reaches the service', async () => {
    const line = await createCommandLine({ asNode: '20.0.0' });
    const { baseUrl, end } = await line.serve();
    expect(await end('SIGTERM')).toBe(0);
    await expect(fetch(`${baseUrl}/livez`)).rejects.toThrow();
  });

  test('the service ends with its parent, even where that is killed', async () => {
    const line = await createCommandLine({ asNode: '20.0.0' });
    const { baseUrl, end } = await line.serve();
    await end('SIGKILL');
    const answers = () =>
      fetch(`${baseUrl}/livez`).then(
        () => 'alive',
        () => 'gone',
      );
    await expect.poll(answers, patience).toBe('gone');
  });
});

test.each([
  ['22.17.1', 1],
  ['22.18.0', 0],
  ['23.5.0', 1],
  ['23.6.0', 0],
  ['24.0.0', 0],
])('Node %s, with no other to turn to, ends with %i', async (asNode, exitCode) => {
  const line = await createCommandLine({ asNode });
  const finished = await line.run(['--version'], { ONRAMP_STARTED_BY_OLD_NODE: '1' });
  expect(finished.exitCode).toBe(exitCode);
  expect(finished).toMatchObject(
    exitCode === 0
      ? { stdout: `${packageJson.version}\n` }
      : { stderr: expect.stringContaining('needs Node 22.18, 23.6 or newer') },
  );
});

test('the command works as it is linked in node_modules/.bin', async () => {
  const linked = resolve(import.meta.dirname, '../../node_modules/.bin/onramp-marketplace');
  const { stdout } = await promisify(execFile)(linked, ['--help']);
  expect(stdout).toContain('A first run:');
});
