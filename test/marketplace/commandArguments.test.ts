import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { Command } from 'commander';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseProvisionUrl } from '../../src/marketplace/commands/arguments.ts';
import { databaseOption } from '../../src/marketplace/commands/command.ts';
import { serviceSettings } from '../../src/marketplace/commands/serve.ts';
import { readSettings, settingOptions } from '../../src/marketplace/commands/settings.ts';
import { type CommandLine, createCommandLine } from './support/command.ts';

const id = '0198f3c2-7a10-7b3e-9c41-5d2f8e6a1b07';

test.each<[string, string | string[], RegExp]>([
  ['no command', '', /Usage/],
  ['an unknown command', 'sell', /unknown command/],
  ['a missing name', 'provider add', /missing required argument/],
  ['an origin with a path', 'provider add A --origin https://a.example/x', /mean https:\/\/a.example\?/],
  ['an origin that is none', 'provider add A --origin a.example', /https:\/\/acme.example/],
  ['all origins', 'provider add A --origin https://*', /https:\/\/\*\.acme\.example/],
  ['those of a country', 'provider add A --origin https://*.example', /all subdomains of a domain/],
  ['a part of a name', 'provider set pk_acme --origin https://a*.acme.example', /all subdomains of a domain/],
  ['a name without its dot', 'provider set pk_acme --origin https://*acme.example', /all subdomains/],
  ['a part in between', 'provider set pk_acme --origin https://a.*.acme.example', /all subdomains/],
  ['two parts', 'provider set pk_acme --origin https://*.*.acme.example', /all subdomains/],
  ['subdomains by any scheme', 'provider set pk_acme --origin *.acme.example', /http or https/],
  ['any port', 'provider set pk_acme --origin https://acme.example:*', /http or https/],
  ['a level that is none', 'provider add A --minimum-level high', /unsigned, origin, signed, server/],
  ['nothing to change', 'provider set pk_a', /Nothing to change/],
  ['both ways at once', 'provider set pk_acme --idempotent --not-idempotent', /either/],
  ['a landing page that is none', 'listing add a --provider pk_a --landing /x', /http or https/],
  ['a port that is none', 'serve --port 65536', /0 to 65535/],
  ['a retention that is none', 'serve --retention-days 0', /from 1/],
  ['one of visits that is none', 'serve --visits-retention-days x', /--visits-retention-days is "x".*from 1/],
  ['a path that is none', 'provision form pk_acme --path a/b', /1 to 64 letters/],
  ['no path the first time', 'provision form pk_acme', /--path/],
  ['a field that is none', 'provision form pk_acme --path a --field card', /must be one of name/],
  [
    'the marketplace’s own key as a field',
    'provision form pk_acme --path a --field resellerkey',
    /must be one of name/,
  ],
  ['an order id that is none', 'orders show 1', /orders list/],
  ['nothing to settle with', `orders settle ${id}`, /--coid/],
  ['a status of an order that is none', 'orders list --status lost', /undecided/],
  ['replay of nothing', 'rejections replay', /--provider and --reason/],
  ['replay without a reason', 'rejections replay --provider pk_a', /--provider and --reason/],
  ['replay of no id', 'rejections replay 7', /rejections list/],
  ['a reason that is none', 'rejections list --reason x', /below_minimum_level/],
  ['a status that is none', 'rejections list --status 200', /409/],
  ['a time that is none', 'rejections list --since yesterday', /2026-11-22/],
  ['forgetting nobody', 'forget pk_a', /customer-id/],
  ['forgetting an empty id', ['forget', 'pk_a', ''], /1 to 200/],
  ['half a subscription', 'subscriptions history pk_acme cust-1', /missing required argument/],
])('%s is not understood, and explained', async (_name, args, message) => {
  const line = await createCommandLine();
  await line.addProvider();
  const { exitCode, stderr } = await line.run(args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(message) });
});

test.each<[string, string, RegExp]>([
  ['an unknown provider', 'provider rotate pk_a', /provider list/],
  ['a listing of nobody', 'listing add a --provider pk_a --landing https://a.example', /pk_a/],
  ['a form of nobody', 'provision form pk_b --path a', /provider list/],
  ['a logo that is not there', 'provision form pk_acme --path a --logo no.png', /cannot be read/],
  ['an unknown order', `orders show ${id}`, /orders list/],
  ['an unknown order to retry', `orders retry ${id}`, /orders list/],
  ['an unknown order to settle', `orders settle ${id} --failed`, /orders list/],
  ['replay of what is gone', `rejections replay ${id}`, /There is no rejection/],
  ['forgetting of an unknown provider', 'forget pk_a x', /provider list/],
  ['subscriptions of nobody', 'subscriptions list --provider pk_nobody', /provider list/],
  ['a history of nobody', 'subscriptions history pk_nobody cust-1 crm', /provider list/],
])('%s fails, and is explained', async (_name, args, message) => {
  const line = await createCommandLine();
  await line.addProvider();
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

test.each(['mysql', 'postgress', 'file'])('an address of %s makes no file of that name', async (kind) => {
  const line = await createCommandLine();
  const database = `${kind}://onramp:pa55#word@127.0.0.1/onramp`;
  const { exitCode, stderr } = await line.run(['provider', 'list', '--database', database]);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/cannot be opened: of addresses, only those that begin with postgres:/);
  expect(stderr).not.toContain('pa55');
  expect(existsSync(`${kind}:`)).toBe(false);
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
  return await line.runProcess('serve', environment);
}

describe('a service that cannot start says why', () => {
  test('where its port is in use', async () => {
    const line = await createCommandLine();
    const port = await usedPort();
    const { exitCode, stderr } = await serve(line, { PORT: port });
    expect(stderr).toContain(`port ${port}: the port is in use`);
    expect(exitCode).toBe(1);
  });
});

describe('an empty variable of the environment counts as none', () => {
  test('PORT, and a host that is none is to be given anew', async () => {
    const line = await createCommandLine();
    const { exitCode, stderr } = await serve(line, { PORT: '', HOST: 'no.such.host.invalid' });
    expect(stderr).toContain('Cannot listen at no.such.host.invalid port 4747');
    expect(exitCode).toBe(2);
  });

  test('HOST', async () => {
    const line = await createCommandLine();
    const port = await usedPort();
    const { stderr } = await serve(line, { PORT: port, HOST: '' });
    expect(stderr).toContain(`Cannot listen at 127.0.0.1 port ${port}`);
  });
});

test('visits and clicks are kept as long as purchases, unless they have a retention of their own', () => {
  const day = 86_400_000;
  const retentionOf = (args: string) => {
    const command = new Command().addOption(databaseOption());
    for (const option of settingOptions) command.addOption(option);
    return serviceSettings(readSettings(command.parse(args.split(' '), { from: 'user' }))).retention;
  };
  expect(retentionOf('--retention-days 400')).toEqual({
    purchases: 400 * day,
    visits: 400 * day,
    clicks: 400 * day,
  });
  expect(retentionOf('--visits-retention-days 7 --clicks-retention-days 31')).toEqual({
    visits: 7 * day,
    clicks: 31 * day,
  });
});
