import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type CommandLine, createCommandLine } from './support/command.ts';

// Each command is a process of its own, and a busy machine starts them slowly.
vi.setConfig({ testTimeout: 60_000 });

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
  [
    'a landing page that is none',
    ['listing', 'add', 'a', '--provider', 'pk_a', '--landing', '/x'],
    2,
    /http or https/,
  ],
  ['a port that is none', ['serve', '--port', '65536'], 2, /0 to 65535/],
  ['a host that is none', ['serve', '--host', 'no.such.host.invalid', '--port', '0'], 2, /host/],
  ['a path that is none', ['provision', 'form', 'pk_acme', '--path', 'a/b'], 2, /1 to 64 letters/],
  [
    'a field that is none',
    ['provision', 'form', 'pk_acme', '--path', 'a', '--field', 'card'],
    2,
    /must be one of name/,
  ],
  [
    'the marketplace’s own key as a field',
    ['provision', 'form', 'pk_acme', '--path', 'a', '--field', 'resellerkey'],
    2,
    /must be one of name/,
  ],
  ['both ways at once', ['provider', 'set', 'pk_acme', '--idempotent', '--not-idempotent'], 2, /either/],
  ['an order id that is none', ['orders', 'show', '1'], 2, /orders list/],
  ['nothing to settle with', ['orders', 'settle', '0198f3c2-7a10-7b3e-9c41-5d2f8e6a1b07'], 2, /--coid/],
  ['a status of an order that is none', ['orders', 'list', '--status', 'lost'], 2, /undecided/],
  ['replay of nothing', ['rejections', 'replay'], 2, /--provider and --reason/],
  ['replay without a reason', ['rejections', 'replay', '--provider', 'pk_a'], 2, /--provider and --reason/],
  ['replay of no id', ['rejections', 'replay', '7'], 2, /rejections list/],
  ['a reason that is none', ['rejections', 'list', '--reason', 'x'], 2, /below_minimum_level/],
  ['a status that is none', ['rejections', 'list', '--status', '200'], 2, /409/],
  ['a time that is none', ['rejections', 'list', '--since', 'yesterday'], 2, /2026-11-22/],
  ['forgetting nobody', ['forget', 'pk_a'], 2, /customer-id/],
  ['forgetting an empty id', ['forget', 'pk_a', ''], 2, /1 to 200/],
  ['a retention that is none', ['serve', '--retention-days', '0'], 2, /from 1/],
  ['half a subscription', ['subscriptions', 'history', 'pk_acme', 'cust-1'], 2, /missing required argument/],
])('%s is explained', async (_name, args, exitCode, message) => {
  const line = await createCommandLine();
  const finished = await line.run(args);
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
  return await line.run(['serve'], environment);
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
