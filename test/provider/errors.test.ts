import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createClient, failureOf, secret } from './support/client.ts';
import { answer, type Behaviour, hang, reset, startServer } from './support/server.ts';

const purchase = { serviceName: 'Acme CRM', customerId: '42', orderId: 'A-1' };

/** With time enough for an answer that comes, unless the test is about one that doesn't. */
async function failAt(behaviour: Behaviour, timeoutMs = 10_000) {
  const { baseUrl } = await startServer(behaviour);
  const { onramp } = createClient({ baseUrl, timeoutMs, retries: 1 });
  return await failureOf(onramp.createSaasTracking(purchase));
}

test('a refusal has what the marketplace said of it', async () => {
  const errors = [{ pointer: '/customerId', code: 'too_long', detail: 'customerId must not be longer' }];
  const problem = {
    type: 'urn:onramp:problem:invalid_fields',
    title: 'Bad',
    status: 400,
    detail: 'It is.',
    errors,
  };
  const error = await failAt(answer(400, { ...problem, requestId: 'req-1', other: 1 }));
  expect(error).toMatchObject({
    name: 'OnrampError',
    reason: 'refused',
    status: 400,
    problem: { ...problem, requestId: 'req-1' },
    errors,
    requestId: 'req-1',
    attempts: 1,
    retryable: false,
  });
  expect(error.message).toBe('The marketplace answered 400: It is.');
  expect(Object.hasOwn(error, 'cause')).toBe(false);
});

test('a problem that is spoilt in every member spoils nothing', async () => {
  const error = await failAt(
    answer(400, { title: {}, status: '400', detail: [], errors: [null, 1, {}], requestId: 5 }),
  );
  expect(error).toMatchObject({
    status: 400,
    requestId: undefined,
    problem: { status: undefined },
    errors: [{ pointer: '', code: '', detail: '' }],
  });
  expect(error.message).toBe('The marketplace answered 400: no reason given.');
});

test('of a page that a proxy answered, the beginning is there', async () => {
  const error = await failAt(answer(502, `<h1>Bad gateway</h1>${'x'.repeat(10_000)}`));
  expect(error).toMatchObject({ status: 502, problem: undefined, retryable: true, attempts: 2 });
  expect(error.body).toMatch(/^<h1>Bad gateway<\/h1>x+$/);
  expect(error.body).toHaveLength(500);
});

test('a connection that breaks, with its cause', async () => {
  const error = await failAt(reset);
  expect(error).toMatchObject({ reason: 'connection', status: undefined, attempts: 2, retryable: true });
  expect(error.cause).toBeInstanceOf(TypeError);
});

test('a connection that is refused says so', async () => {
  const { onramp } = createClient({
    baseUrl: 'http://127.0.0.1:9999',
    retries: 0,
    fetch: async () => {
      throw new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } });
    },
  });
  const error = await failureOf(onramp.createSaasTracking(purchase));
  expect(error.message).toBe(
    'http://127.0.0.1:9999: not reached, or the connection broke: ECONNREFUSED (try 1).',
  );
});

test('a time that ran out', async () => {
  const error = await failAt(hang, 300);
  expect(error).toMatchObject({ reason: 'timeout', status: undefined, attempts: 2, retryable: true });
  expect(error.errors).toEqual([]);
  expect(error.message).toContain('no whole answer within 300 ms');
});

describe('the secret is in no error', () => {
  const echo =
    (status: number): Behaviour =>
    (request, response) => {
      response.writeHead(status, { location: `https://other.example/?${request.headers.authorization}` });
      const said = request.headers.authorization;
      response.end(
        JSON.stringify({ detail: said, title: said, requestId: said, errors: [{ detail: said }] }),
      );
    };
  const echoPage: Behaviour = (request, response) => {
    response.writeHead(200);
    response.end(`<h1>${request.headers.authorization}</h1>`);
  };

  test.each<[string, Behaviour]>([
    ['a problem that repeats it', echo(400)],
    ['a redirect', echo(302)],
    ['a page', echoPage],
    ['a broken connection', reset],
    ['no answer', hang],
  ])('%s', async (_name, behaviour) => {
    const error = await failAt(behaviour, behaviour === hang ? 300 : undefined);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret);
    expect(JSON.stringify(error)).not.toContain(secret);
    expect(String(error) + error.stack).not.toContain(secret);
  });
});

describe('an answer says', () => {
  /** The error of a call that is answered so, at once and for good. */
  async function answered(status: number, body: object | string, headers: Record<string, string> = {}) {
    const fetch = async () =>
      Object.defineProperty(new Response(JSON.stringify(body), { headers }), 'status', { value: status });
    const { onramp } = createClient({ baseUrl: 'https://market.example', retries: 0, fetch });
    return await failureOf(onramp.createSaasTracking(purchase));
  }

  test.each([
    [0, /^redirects \(0\), which is not followed\. Is baseUrl the marketplace's own address, with https\?$/],
    [300, /^redirects \(300\)/],
    [399, /^redirects \(399\)/],
    [299, /^answered 299, but not as the marketplace's service does\. Is baseUrl right\?$/],
    [200, /^The answer 200 isn't the one of a marketplace's service\. Is baseUrl right\?$/],
  ])('%i', async (status, message) => {
    const error = await answered(status, 'moved');
    expect(error).toMatchObject({ reason: 'unexpected_answer', retryable: false, status, body: '"moved"' });
    expect(error.message).toMatch(message);
  });

  test.each([{ status: 'created' }, { status: 'stored', id: 'purchase-1' }, { id: 'purchase-1' }])(
    '201 with %j, of which nobody knows what became',
    async (body) => {
      expect(await answered(201, body)).toMatchObject({ reason: 'unexpected_answer', status: 201 });
    },
  );

  test('200 with a page: its beginning is enough', async () => {
    expect((await answered(200, 'x'.repeat(1_000))).body).toHaveLength(500);
  });

  test.each([
    [400, {}, false],
    [407, {}, false],
    [408, {}, true],
    [409, {}, false],
    [409, { 'retry-after': '1' }, true],
    [410, { 'retry-after': '1' }, false],
    [429, {}, true],
    [430, {}, false],
    [499, {}, false],
    [500, {}, true],
  ])('with %i %j whether it may be sent again: %j', async (status, headers, retryable) => {
    const error = await answered(status, { title: 'No' }, headers);
    expect(error).toMatchObject({ reason: 'refused', status, retryable, body: undefined });
    const wait = retryable && status === 409 ? ' It asks to wait 1 s.' : '';
    expect(error.message).toBe(`The marketplace answered ${status}: No${wait}`);
  });
});

test.each([
  [new TypeError('failed', { cause: { code: 'ECONNRESET', message: 'reset' } }), ': ECONNRESET'],
  [new TypeError('failed', { cause: { message: 'reset' } }), ': reset'],
  [new TypeError('failed', { cause: {} }), ': no reason given'],
  [new TypeError('failed'), ''],
  ['failed', ''],
])('a fetch that fails by %o says why, as far as it tells', async (failure, why) => {
  const fetch = async () => {
    throw failure;
  };
  const { onramp } = createClient({ baseUrl: 'https://market.example', retries: 0, fetch });
  const error = await failureOf(onramp.createSaasTracking(purchase));
  expect(error.message).toBe(`https://market.example: not reached, or the connection broke${why} (try 1).`);
  expect(error.cause).toBe(failure);
});
