import { describe, expect, test, vi } from 'vitest';
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

test.each<[string, string[], RegExp]>([
  ['an unknown provider', ['provider', 'rotate', 'pk_a'], /provider list/],
  [
    'a listing of nobody',
    ['listing', 'add', 'a', '--provider', 'pk_a', '--landing', 'https://a.example'],
    /pk_a/,
  ],
])('%s is explained', async (_name, args, message) => {
  const line = await createCommandLine();
  const { exitCode, stderr } = await line.run(args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringMatching(message) });
});

test('a PostgreSQL that is not there is explained, without the password', async () => {
  const line = await createCommandLine();
  const database = 'postgres://onramp:pa55word@127.0.0.1:1/onramp';
  const { exitCode, stderr } = await line.run(['provider', 'list', '--database', database]);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /^error: The database postgres:\/\/127.0.0.1:1\/onramp cannot be opened: .*ECONNREFUSED/,
  );
  expect(stderr).not.toContain('pa55word');
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
