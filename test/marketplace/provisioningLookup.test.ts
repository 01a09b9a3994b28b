import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { createLookup } from '../../src/marketplace/provisioning/lookup.ts';
import { PostError, post } from '../../src/marketplace/provisioning/post.ts';
import { findFreePort } from '../support/freePort.ts';

const loopback = [{ address: '127.0.0.1', family: 4 }];

test('calls to a host whose name server never answers wait for one lookup, and others for none', async () => {
  const asked: string[] = [];
  const lookup = createLookup(async (host) => {
    asked.push(host);
    return host === 'silent.example' ? await new Promise(() => undefined) : loopback;
  });
  const find = (host: string) =>
    new Promise((resolve) => lookup(host, { all: true }, (_error, addresses) => resolve(addresses)));
  for (let call = 0; call < 10; call++) void find('silent.example');
  expect(await find('good.example')).toEqual(loopback);
  expect(await find('good.example')).toEqual(loopback);
  expect(asked).toEqual(['silent.example', 'good.example', 'good.example']);
});

test('a lookup that fails tells all who wait, and is made anew for the next', async () => {
  let lookups = 0;
  const lookup = createLookup(async () => {
    lookups++;
    throw Object.assign(new Error('no such host'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' });
  });
  const fail = () => new Promise((resolve) => lookup('nowhere.example', {}, (error) => resolve(error?.code)));
  expect(await Promise.all([fail(), fail()])).toEqual(['ENOTFOUND', 'ENOTFOUND']);
  expect(await fail()).toBe('ENOTFOUND');
  expect(lookups).toBe(2);
});

test('a host that has no address was not found', async () => {
  const parts = { url: 'http://provider.invalid/', headers: {}, body: '[]', timeoutMs: 10_000 };
  const error = await post(parts).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(PostError);
  expect(error).toMatchObject({ stage: 'lookup' });
});

test('of a host with several addresses, any that answers will do', async () => {
  const port = await findFreePort();
  const server = createServer((_request, response) => void response.writeHead(422).end()).listen(
    port,
    '127.0.0.1',
  );
  onTestFinished(() => void server.close());
  const answer = await post({ url: `http://localhost:${port}/`, headers: {}, body: '[]', timeoutMs: 10_000 });
  expect(answer.status).toBe(422);
  answer.close();
});
