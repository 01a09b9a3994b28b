import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startOrdering } from './support/ordering.ts';
import {
  accounts,
  answer,
  type Behaviour,
  inTurn,
  refusingUrl,
  startProviderEndpoint,
} from './support/providerEndpoint.ts';
import { startMs } from './support/service.ts';

const reset: Behaviour = (_response, _call, socket) => void socket.resetAndDestroy();
const hang: Behaviour = () => undefined;
const drip: Behaviour = (response) => {
  response.writeHead(201, { 'content-type': 'application/json' });
  const dripping = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(dripping));
};
const breakOff: Behaviour = (response, _call, socket) => {
  response.writeHead(201, { 'content-type': 'application/json', 'content-length': '100' });
  response.write('{"coid":', () => void socket.destroy());
};
const noHttp: Behaviour = (_response, _call, socket) => void socket.end('SSH-2.0-OpenSSH_9.2\r\n');

describe('an answer that is clear', () => {
  test('201 with a coid makes the account', async () => {
    const endpoint = await startProviderEndpoint(answer(201, { coid: 'c-1' }));
    const { placeOrder, becomes } = await startOrdering({ url: endpoint.url });
    const order = await becomes(await placeOrder(), { status: 'succeeded', coid: 'c-1' });
    expect(order.attempts).toMatchObject([{ outcome: 'created', status: 201 }]);
    expect(endpoint.calls).toHaveLength(1);
  });

  test.each<[string, Behaviour, object | undefined]>([
    ['400', answer(400, { detail: 'No such plan.' }), { detail: 'No such plan.', errors: {} }],
    ['422 with a page', answer(422, '<h1>No</h1>', { 'content-type': 'text/html' }), { errors: {} }],
    ['409 without a body', answer(409, ''), { errors: {} }],
    ['422 on a field', answer(422, { errors: { name: 'Too short' } }), { errors: { name: 'Too short' } }],
    ['422 that breaks off', breakOffAfter(422), { errors: {} }],
    ['422 with 1 MiB', answer(422, 'x'.repeat(1024 * 1024)), { errors: {} }],
  ])('%s is a failure, for which nobody is asked again', async (_name, behave, failure) => {
    const endpoint = await startProviderEndpoint(behave);
    const { placeOrder, becomes } = await startOrdering({ url: endpoint.url, idempotent: true });
    const order = await becomes(await placeOrder(), { status: 'failed' });
    expect(order.failure).toEqual(failure);
    expect(order.attempts).toMatchObject([{ outcome: 'refused' }]);
    expect(endpoint.calls).toHaveLength(1);
  });

  function breakOffAfter(status: number): Behaviour {
    return (response, _call, socket) => {
      response.writeHead(status, { 'content-length': '100' });
      response.write('{', () => void socket.destroy());
    };
  }

  test.each<[string, Behaviour, RegExp]>([
    ['201 without a coid', answer(201, { ok: true }), /no usable coid/],
    ['201 with more than 64 KiB', answer(201, { coid: 'c-1', x: 'x'.repeat(65_536) }), /64 KiB/],
    ['200', answer(200, { coid: 'c-1' }), /neither 201/],
    ['204', (response) => void response.writeHead(204).end(), /neither 201/],
    ['201 with its Location alone', answer(201, '', { location: '/customers/c-1' }), /no usable coid/],
    ['303, which may show what was made', answer(303, {}, { location: '/customers/c-1' }), /neither 201/],
  ])('%s is for a person to look at', async (_name, behave, reason) => {
    const endpoint = await startProviderEndpoint(behave);
    const { placeOrder, becomes } = await startOrdering({ url: endpoint.url, idempotent: true });
    const order = await becomes(await placeOrder(), { status: 'undecided' });
    expect(order.attempts).toMatchObject([{ outcome: 'unusable', reason: expect.stringMatching(reason) }]);
    expect(endpoint.calls.map(({ path }) => path)).toEqual(['/acme-provision-account/']);
  });
});
const switchProtocols: Behaviour = (_response, _call, socket) =>
  void socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n');

/** The provider may have made the account, or not. */
const doubtful: [string, Behaviour, object][] = [
  ['a reset after the request', reset, { reason: 'the connection broke' }],
  ['no answer', hang, { reason: 'no answer within 0.3 s' }],
  ['an answer that drips', drip, { reason: 'no answer within 0.3 s' }],
  ['201 that breaks off', breakOff, { reason: 'the connection broke' }],
  ['what is no HTTP', noHttp, { reason: 'what it answered is not HTTP' }],
  ['101', switchProtocols, { reason: 'the connection failed' }],
  ['408', answer(408), { status: 408 }],
  ['429', answer(429), { status: 429 }],
  ['500', answer(500, { coid: 'c-1' }), { status: 500 }],
  ['500 with garbage', answer(500, '<html>'), { status: 500 }],
  ['503', answer(503), { status: 503 }],
];

describe.each(doubtful)('%s', (_name, behave, attempt) => {
  // Only what never answers is waited for so shortly.
  const timeoutMs = behave === hang || behave === drip ? 300 : 10_000;

  test('is for a person to decide, where the provider might make a second account', async () => {
    const endpoint = await startProviderEndpoint(behave);
    const { placeOrder, becomes } = await startOrdering({ url: endpoint.url, timeoutMs });
    const order = await becomes(await placeOrder(), { status: 'undecided' });
    expect(order.attempts).toMatchObject([{ outcome: 'unclear', ...attempt }]);
    expect(endpoint.calls).toHaveLength(1);
  });

  test('is tried again where the provider is idempotent, and makes one account', async () => {
    const { made, make, create } = accounts({ idempotent: true });
    const making: Behaviour = (response, call, socket) => {
      make(call);
      behave(response, call, socket);
    };
    const endpoint = await startProviderEndpoint(inTurn(making, making, create));
    const ordering = await startOrdering({ url: endpoint.url, idempotent: true, timeoutMs });
    const token = await ordering.placeOrder();
    for (const calls of [1, 2]) {
      await ordering.becomes(token, { status: 'under_way', attempts: { length: calls } });
      await ordering.untilDue(token);
    }
    const order = await ordering.becomes(token, { status: 'succeeded', coid: 'acme-1' });
    expect(order.attempts).toMatchObject([
      { number: 1, outcome: 'unclear', ...attempt },
      { number: 2, outcome: 'unclear', ...attempt },
      { number: 3, outcome: 'created' },
    ]);
    expect(made).toHaveLength(1);
    expect(new Set(endpoint.calls.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(endpoint.state.mostAtOnce).toBe(1);
  });
});

describe('where nothing can have been sent', () => {
  test.each([true, false])('an order is tried again (idempotent: %s)', async (idempotent) => {
    const { url, port } = await refusingUrl();
    const ordering = await startOrdering({ url, idempotent });
    const token = await ordering.placeOrder();
    const waiting = await ordering.becomes(token, { status: 'under_way', attempts: { length: 1 } });
    expect(waiting.attempts).toMatchObject([
      { outcome: 'unreachable', reason: 'the connection was refused' },
    ]);
    const { made, create } = accounts({ idempotent: false });
    await startProviderEndpoint(create, { port });
    await ordering.untilDue(token);
    await ordering.becomes(token, { status: 'succeeded', coid: 'acme-1' });
    expect(made).toHaveLength(1);
  });

  test('a host that does not exist is one', async () => {
    const ordering = await startOrdering({ url: 'http://provider.invalid/acme-provision-account/' });
    const token = await ordering.placeOrder();
    const { attempts } = await ordering.becomes(token, { attempts: { length: 1 } });
    expect(attempts).toMatchObject([{ outcome: 'unreachable', reason: expect.stringMatching(/^the host/) }]);
  });

  /** Resolves to an https address at which connections meet that. */
  async function listenSecurely(onConnection: (socket: Socket) => void): Promise<string> {
    const server = createServer(onConnection).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const address = server.address();
    return `https://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
  }

  test('a connection that breaks before it is encrypted is one', async () => {
    const url = await listenSecurely((socket) => void socket.resetAndDestroy());
    const ordering = await startOrdering({ url });
    const token = await ordering.placeOrder();
    const { attempts } = await ordering.becomes(token, { status: 'under_way', attempts: { length: 1 } });
    expect(attempts).toMatchObject([{ outcome: 'unreachable', reason: 'the connection broke' }]);
  });

  test('so is one that is never encrypted', async () => {
    const ordering = await startOrdering({ url: await listenSecurely(() => undefined), timeoutMs: 300 });
    const token = await ordering.placeOrder();
    const { attempts } = await ordering.becomes(token, { status: 'under_way', attempts: { length: 1 } });
    const reason = 'no encrypted connection within 0.3 s';
    expect(attempts).toMatchObject([{ outcome: 'unreachable', reason }]);
  });

  test('after 3 days it waits for a person', async () => {
    const ordering = await startOrdering({ url: (await refusingUrl()).url });
    const token = await ordering.placeOrder();
    await ordering.becomes(token, { status: 'under_way', attempts: { length: 1 } });
    ordering.service.time.now += 72 * 3_600_000;
    const { fault } = await ordering.becomes(token, { status: 'needs_attention', attempts: { length: 2 } });
    expect(fault).toBe('unreachable');
    expect(await ordering.page(token)).toContain('We are taking care of your order');
  });
});

test('a clock that is a year ahead gives no order up and calls no more often, and holds up none once it is right', async () => {
  const knownTime = { earliest: () => startMs, latest: () => startMs };
  const ordering = await startOrdering({ url: (await refusingUrl()).url, knownTime });
  const token = await ordering.placeOrder();
  await ordering.becomes(token, { attempts: { length: 1 } });
  ordering.service.time.now += 365 * 24 * 3_600_000;
  const { nextAt } = await ordering.becomes(token, { status: 'under_way', attempts: { length: 2 } });
  expect(nextAt).toBe(ordering.service.time.now + 1_000);
  ordering.service.time.now = startMs + 60_000;
  await ordering.becomes(token, { status: 'under_way', attempts: { length: 3 } });
});

describe('an idempotent provider whose end stays down', () => {
  test('leaves the order to a person after 3 days', async () => {
    const endpoint = await startProviderEndpoint(answer(503));
    const ordering = await startOrdering({ url: endpoint.url, idempotent: true });
    const token = await ordering.placeOrder();
    await ordering.becomes(token, { attempts: { length: 1 } });
    ordering.service.time.now += 73 * 3_600_000;
    await ordering.becomes(token, { status: 'undecided', attempts: { length: 2 } });
  });

  test.each<[string, string, number, string]>([
    ['seconds', '20', 20_500, 'under_way'],
    ['a minute', '60', 60_500, 'under_way'],
    ['an hour', '3600', 3_600_500, 'waiting'],
    ['a date', 'Mon, 04 May 2026 12:00:30 GMT', 30_500, 'under_way'],
    ['a date that is past', 'Sun, 03 May 2026 12:00:00 GMT', 500, 'under_way'],
    ['a year', '31536000', 72 * 3_600_000, 'waiting'],
    ['nonsense', 'soon', 500, 'under_way'],
  ])('is left alone as long as Retry-After says: %s', async (_name, retryAfter, delayMs, status) => {
    const endpoint = await startProviderEndpoint(answer(429, {}, { 'retry-after': retryAfter }));
    const ordering = await startOrdering({ url: endpoint.url, idempotent: true });
    const token = await ordering.placeOrder();
    const { nextAt = 0 } = await ordering.becomes(token, { status, attempts: { length: 1 } });
    expect(nextAt - ordering.service.time.now).toBe(delayMs);
  });
});

describe('a refusal after an attempt that may have made the account', () => {
  test.each([
    [400, 'failed'],
    [422, 'failed'],
    [401, 'undecided'],
    [404, 'undecided'],
  ])('%i: the order is %s', async (status, expected) => {
    const endpoint = await startProviderEndpoint(inTurn(answer(500), answer(status)));
    const ordering = await startOrdering({ url: endpoint.url, idempotent: true });
    const token = await ordering.placeOrder();
    await ordering.becomes(token, { attempts: { length: 1 } });
    await ordering.untilDue(token);
    await ordering.becomes(token, { status: expected, attempts: { length: 2 } });
  });

  test('409 can mean that the provider is still at it', async () => {
    const { made, make, create } = accounts({ idempotent: true });
    const makeSlowly: Behaviour = (_response, call) => void make(call);
    const endpoint = await startProviderEndpoint(inTurn(makeSlowly, answer(409), create));
    // Long enough for the answers that come at once, on a busy machine as well.
    const ordering = await startOrdering({ url: endpoint.url, idempotent: true, timeoutMs: 1_000 });
    const token = await ordering.placeOrder();
    for (const attempts of [1, 2]) {
      await ordering.becomes(token, { status: 'under_way', attempts: { length: attempts } });
      await ordering.untilDue(token);
    }
    await ordering.becomes(token, { status: 'succeeded', coid: 'acme-1' });
    expect(made).toHaveLength(1);
  });

  test('409 that stays is for a person', async () => {
    const endpoint = await startProviderEndpoint(inTurn(answer(500), answer(409)));
    const ordering = await startOrdering({ url: endpoint.url, idempotent: true });
    const token = await ordering.placeOrder();
    for (const attempts of [1, 2, 3]) {
      await ordering.becomes(token, { status: 'under_way', attempts: { length: attempts } });
      await ordering.untilDue(token);
    }
    await ordering.becomes(token, { status: 'undecided', attempts: { length: 4 } });
  });
});
