import { describe, expect, test } from 'vitest';
import { createCommandLine } from './support/command.ts';
import { purchase } from './support/purchase.ts';

describe('wrong settings', () => {
  test('are all named at once, where they were given, with what they take', async () => {
    const line = await createCommandLine();
    const { exitCode, stderr } = await line.run('serve --port 70000 --limit-key many', {
      HOST: 'http://market.example',
      DATABASE_URL: 'postgres://onramp:pa#55word@db/onramp',
      ONRAMP_TRUSTED_PROXIES: '-1',
      ONRAMP_LIMIT_ADDRESS: '1.5',
      ONRAMP_QUEUE: '0',
      ONRAMP_BASE_URL: 'market.example',
      ONRAMP_METRICS_PORT: 'nine',
    });
    expect(exitCode).toBe(2);
    expect(stderr.split('\n').sort()).toEqual(
      [
        '',
        'error: Settings are wrong:',
        '  --limit-key is "many": it takes a number of requests a minute; 0 for no limit.',
        '  --port is "70000": a port is a number from 0 to 65535; 0 takes any free one.',
        '  DATABASE_URL: this is no address of a database; it looks like ' +
          'postgres://user:password@host:5432/name, with the characters : / ? # @ % of a password written as ' +
          '%3A %2F %3F %23 %40 %25.',
        '  HOST is "http://market.example": a host is a name or an address, without http:// and port, ' +
          'for example 127.0.0.1 or 0.0.0.0.',
        '  ONRAMP_BASE_URL is "market.example": it takes an http or https address, for example ' +
          'https://market.example.',
        '  ONRAMP_LIMIT_ADDRESS is "1.5": it takes a number of requests a minute; 0 for no limit.',
        '  ONRAMP_METRICS_PORT is "nine": a port is a number from 0 to 65535; 0 takes any free one.',
        '  ONRAMP_QUEUE is "0": it takes a number of entries from 1 to 1000000.',
        '  ONRAMP_TRUSTED_PROXIES is "-1": it takes the number of your own proxies before the service, from 0 to 10.',
      ].sort(),
    );
  });

  test.each<[string, string, RegExp]>([
    ['another kind of database', '--database mysql://market', /^error: --database: of addresses, only/],
    ['a folder as database', '--database .', /^error: --database: this is a folder/],
    ['one port for both', '--port 4800 --metrics-port 4800', /^error: --metrics-port is "4800"/],
  ])('%s', async (_name, args, message) => {
    const line = await createCommandLine();
    const { exitCode, stderr } = await line.run(`serve ${args}`);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(message) });
  });

  test('a port in use for the metrics ends the service before it takes anything', async () => {
    const line = await createCommandLine();
    const { baseUrl } = await line.serve();
    const { port } = new URL(baseUrl);
    const { exitCode, stderr } = await line.runProcess(`serve --port 0 --metrics-port ${port}`);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringMatching(`^error: Cannot listen at 127.0.0.1 port ${port}: the port is in use`),
    });
  });
});

test('settings reach the service', async () => {
  const line = await createCommandLine();
  await line.addProvider();
  const { baseUrl } = await line.serve('--trusted-proxies', '1', '--limit-address', '2', '--limit-key', '3');
  const post = async (orderId: string, address: string) =>
    (
      await fetch(`${baseUrl}/api/SaasTrackings`, {
        method: 'POST',
        headers: { 'x-forwarded-for': address },
        body: JSON.stringify({ ...purchase, orderId }),
      })
    ).status;
  expect([await post('1', '203.0.113.7'), await post('2', '203.0.113.7')]).toEqual([201, 201]);
  expect(await post('3', '203.0.113.7')).toBe(429);
  expect(await post('3', '203.0.113.8')).toBe(201);
  expect(await post('4', '203.0.113.8')).toBe(429);
});

test('the help of serve teaches: every setting with its variable, and how to begin', async () => {
  const line = await createCommandLine();
  const { exitCode, stdout } = await line.run('serve --help');
  expect(exitCode).toBe(0);
  for (const part of [
    'DATABASE_URL',
    'HOST',
    'PORT',
    'ONRAMP_BASE_URL',
    'ONRAMP_TRUSTED_PROXIES',
    'ONRAMP_LIMIT_ADDRESS',
    'ONRAMP_LIMIT_KEY',
    'ONRAMP_LIMIT_PROVIDER',
    'ONRAMP_LIMIT_ORDERS',
    'ONRAMP_QUEUE',
    'ONRAMP_METRICS_PORT',
    'ONRAMP_METRICS_HOST',
    'onramp-marketplace serve --trusted-proxies 1 --metrics-port 9464',
  ]) {
    expect(stdout).toContain(part);
  }
});
