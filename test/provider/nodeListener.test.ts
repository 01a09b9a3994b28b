import { EventEmitter } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createProvisionAccountHandler, toNodeListener } from '../../src/provider/index.ts';
import { secret } from './support/client.ts';
import { order, signedCall } from './support/order.ts';
import { listen } from './support/server.ts';

type Prepare = (request: IncomingMessage & { body?: unknown }) => unknown;

/** The endpoint on node:http, with what stands before it. */
async function startEndpoint(prepare: Prepare = () => {}) {
  const made: unknown[] = [];
  const errors: unknown[] = [];
  const listener = toNodeListener(
    createProvisionAccountHandler({
      secret,
      provision: async (account) => `c-${made.push(account)}`,
      onError: (error) => errors.push(error),
    }),
  );
  const finished: Promise<void>[] = [];
  const server = createServer(async (request, response) => {
    await prepare(request);
    finished.push(listener(request, response));
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = await listen(server);
  return { url, made, errors, finished };
}

async function send(url: string, init: RequestInit) {
  const response = await fetch(url, init);
  return { status: response.status, type: response.headers.get('content-type'), body: await response.json() };
}

test('answers as the handler does', async () => {
  const { url, made } = await startEndpoint();
  expect(await send(url, signedCall({ ...order, company: 'Größe 🚀' }))).toEqual({
    status: 201,
    type: 'application/json',
    body: { coid: 'c-1' },
  });
  expect(made).toMatchObject([{ company: 'Größe 🚀' }]);
  expect(await send(url, { method: 'GET' })).toMatchObject({ status: 405 });
  expect(await send(url, { method: 'DELETE' })).toMatchObject({
    status: 405,
    type: 'application/problem+json',
  });
});

test.each<[string, Prepare]>([
  ['parsed', async (request) => (request.body = JSON.parse((await buffer(request)).toString()))],
  ['read', (request) => buffer(request)],
  ['begun', (request) => new Promise((read) => request.once('data', read))],
])('says so where the body was %s before', async (_name, prepare) => {
  const { url, errors, made } = await startEndpoint(prepare);
  expect(await send(url, signedCall(order))).toMatchObject({
    status: 500,
    body: { type: 'urn:onramp:problem:body_used', detail: expect.stringContaining('express.json()') },
  });
  expect({ errors: errors.length, made }).toEqual({ errors: 1, made: [] });
});

test.each<[string, Prepare]>([
  ['bytes, as express.raw() does', async (request) => (request.body = await buffer(request))],
  ['an empty object, as Express 4 does', (request) => (request.body = {})],
])('takes a body that a parser left as %s', async (_name, prepare) => {
  const { url } = await startEndpoint(prepare);
  expect(await send(url, signedCall(order))).toMatchObject({ status: 201 });
});

test('a body far over the limit is refused, and the server goes on', async () => {
  const { url, made } = await startEndpoint();
  expect(await send(url, signedCall({ ...order, name: 'x'.repeat(5_000_000) }))).toMatchObject({
    status: 413,
  });
  expect(made).toEqual([]);
  expect(await send(url, signedCall(order))).toMatchObject({ status: 201 });
});

test('a caller that goes away in the middle of its message ends nothing else', async () => {
  const { url, made, errors, finished } = await startEndpoint();
  const call = request(url, { method: 'POST', headers: { 'content-length': '1000' } });
  call.on('error', () => {});
  call.write('{"name":');
  await expect.poll(() => finished.length).toBe(1);
  call.destroy();
  await Promise.all(finished);
  expect({ made, errors }).toEqual({ made: [], errors: [] });
  expect(await send(url, signedCall(order))).toMatchObject({ status: 201 });
});

describe('a request by itself', () => {
  /** The listener under way with a request of this body, and what the handler was given and has answered. */
  function listen(known: object = {}) {
    const events = new EventEmitter();
    const given: { bodyUsed: boolean; text: Promise<string> }[] = [];
    const ended: string[] = [];
    const listener = toNodeListener(async (request) => {
      const { bodyUsed } = request;
      given.push({ bodyUsed, text: bodyUsed ? Promise.resolve('') : request.text() });
      return new Response('answer', { status: 202, headers: { 'x-a': 'b' } });
    });
    const on = events.on.bind(events);
    const headers = { 'x-none': undefined, 'x-many': ['1', '2'] };
    const response = { statusCode: 0, setHeader: () => {}, end: (body: Uint8Array) => ended.push(`${body}`) };
    const done = listener({ method: 'POST', headers, on, ...known }, response);
    return { events, given, ended, done, response };
  }

  test.each([{ a: 1 }, [], 'text', null, 5])('that a parser has left as %j is used up', async (body) => {
    const { given, done, response } = listen({ body });
    await done;
    expect(given).toMatchObject([{ bodyUsed: true }]);
    expect(response.statusCode).toBe(202);
  });

  test.each([undefined, {}])('that a parser has left as %j is read', async (body) => {
    const { events, given, done } = listen({ body });
    events.emit('data', Buffer.from('one, '));
    events.emit('data', Buffer.from('two'));
    events.emit('end');
    await done;
    expect(await given[0]?.text).toBe('one, two');
  });

  test('that is as long as it may be is awaited, one that is longer is not', async () => {
    const { events, given, done } = listen();
    events.emit('data', Buffer.alloc(65_536, 'x'));
    await new Promise(setImmediate);
    expect(given).toEqual([]);
    events.emit('data', Buffer.from('y'));
    events.emit('data', Buffer.from('z'));
    await done;
    expect((await given[0]?.text)?.slice(-2)).toBe('xy');
  });

  test.each(['close', 'error'])('that ends by %s is answered by nobody', async (event) => {
    const { events, given, ended, done } = listen();
    events.emit('data', Buffer.from('one'));
    events.emit(event, new Error('broken'));
    await done;
    expect([given, ended]).toEqual([[], []]);
  });
});
