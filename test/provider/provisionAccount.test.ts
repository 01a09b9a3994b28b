import { inspect } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import {
  type AccountField,
  createProvisionAccountHandler,
  type Password,
  type ProvisionAccountOptions,
  ProvisionRefused,
  type StoredAnswer,
} from '../../src/provider/index.ts';
import { nextSecret, secret } from './support/client.ts';
import { type CallChanges, order, signedCall } from './support/order.ts';

/** A provider that makes accounts c-1, c-2 and so on, and everything that its endpoint did. */
function createProvider(changes: Partial<ProvisionAccountOptions<AccountField>> = {}) {
  const made: Parameters<ProvisionAccountOptions['provision']>[] = [];
  const errors: unknown[] = [];
  const handler = createProvisionAccountHandler<AccountField>({
    secret,
    provision: async (...call) => `c-${made.push(call)}`,
    onError: (error) => errors.push(error),
    ...changes,
  });
  async function send(init: RequestInit) {
    const response = await handler(new Request('https://acme.example/acme-provision-account/', init));
    return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
  }
  const call = (message: object | string = order, how: CallChanges = {}) => send(signedCall(message, how));
  return { handler, send, call, made, errors };
}

/** A store as a provider may have it, and what it holds. */
function createAnswers() {
  const kept = new Map<string, string>();
  const answers = {
    get: async (key: string): Promise<StoredAnswer | undefined> => {
      const text = kept.get(key);
      return text === undefined ? undefined : JSON.parse(text);
    },
    put: async (key: string, answer: StoredAnswer) => void kept.set(key, JSON.stringify(answer)),
  };
  return { answers, kept };
}

describe('an order', () => {
  test('is provisioned, and answered with the coid', async () => {
    const { call, made } = createProvider();
    const { status, body, headers } = await call({
      ...order,
      zip: 1234,
      phone: '',
      plan: 'gold',
      state: null,
    });
    expect({ status, body }).toEqual({ status: 201, body: { coid: 'c-1' } });
    expect(headers.get('content-type')).toBe('application/json');
    const [[account, context] = []] = made;
    const { password: _password, ...rest } = order;
    expect(account).toEqual({ ...rest, zip: '1234', password: expect.anything() });
    expect(account?.password?.reveal()).toBe(order.password);
    expect(context).toEqual({ idempotencyKey: 'order-1' });
  });

  test.each([
    ['text', 'c-1', 'c-1'],
    ['a number', 42, 42],
    ['an object', { coid: 42 }, 42],
  ])('has its coid as %s', async (_name, made, coid) => {
    const { call } = createProvider({ provision: async () => made });
    expect(await call()).toMatchObject({ status: 201, body: { coid } });
  });

  test.each<[string, CallChanges]>([
    ['the first secret', {}],
    ['the second', { secret: nextSecret }],
    ['both', { secret: nextSecret, also: [secret] }],
  ])('is taken with %s while the secret is being replaced', async (_name, how) => {
    const { call } = createProvider({ secret: [secret, nextSecret] });
    expect(await call(order, how)).toMatchObject({ status: 201 });
  });
});

describe('is refused', () => {
  const now = Date.now();
  test.each<[string, RequestInit, number, string]>([
    ['GET', { method: 'GET' }, 405, 'method_not_allowed'],
    ['without signature', { method: 'POST', body: JSON.stringify(order) }, 400, 'missing_headers'],
    ['with another secret', signedCall(order, { secret: nextSecret }), 401, 'wrong_signature'],
    ['with another body', { ...signedCall(order), body: '{}' }, 401, 'wrong_signature'],
    ['six minutes old', signedCall(order, { atMs: now - 360_000 }), 401, 'too_old'],
    ['six minutes ahead', signedCall(order, { atMs: now + 360_000 }), 401, 'too_new'],
    ['no JSON', signedCall('name=Ada'), 400, 'no_object'],
    ['a list', signedCall('[]'), 400, 'no_object'],
    ['an empty body', signedCall(''), 400, 'no_object'],
    ['an object as a name', signedCall({ ...order, name: {} }), 400, 'invalid_fields'],
    ['64 KiB and more', signedCall({ ...order, name: 'x'.repeat(65_536) }), 413, 'too_large'],
  ])('%s', async (_name, init, status, code) => {
    const { send, made } = createProvider();
    const answer = await send(init);
    expect(answer).toMatchObject({ status, body: { type: `urn:onramp:problem:${code}`, status } });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('allow')).toBe(status === 405 ? 'POST' : null);
    expect(made).toEqual([]);
  });

  test('what is required and missing, each by its name', async () => {
    const { call, made } = createProvider({ required: ['name', 'company', 'password'] });
    const { status, body } = await call({ email: 'ada@acme.example', company: '' });
    expect({ status, pointers: body.errors.map((error: { pointer: string }) => error.pointer) }).toEqual({
      status: 400,
      pointers: ['/name', '/company', '/password'],
    });
    expect(made).toEqual([]);
  });

  test('what the provider refuses, with what it says to the buyer', async () => {
    const provision = async () => {
      throw new ProvisionRefused('This name is taken.', {
        status: 409,
        errors: { username: 'Choose another.' },
      });
    };
    const { call, errors } = createProvider({ provision });
    expect(await call()).toMatchObject({
      status: 409,
      body: { detail: 'This name is taken.', errors: [{ pointer: '/username', detail: 'Choose another.' }] },
    });
    expect(errors).toEqual([]);
  });

  test.each([400, 409, 422] as const)('with %d, which reaches the buyer', async (status) => {
    const { call } = createProvider({
      provision: () => Promise.reject(new ProvisionRefused('No.', { status })),
    });
    expect(await call()).toMatchObject({ status, body: { detail: 'No.' } });
  });

  test('and its message for the program says which', () => {
    const options: object = { status: 500 };
    expect(() => new ProvisionRefused('No.', options)).toThrow(
      'A refusal has the status 400, 409 or 422: what has another never reaches the buyer.',
    );
  });

  test.each([200, 399, 401, 403, 404, 408, 410, 429, 500, 400.5])('but never with %d', (status) => {
    const options: object = { status };
    expect(() => new ProvisionRefused('No.', options)).toThrow(RangeError);
  });
});

describe('an error of the provider', () => {
  test('is answered with 500 that says nothing of it, and handed to onError', async () => {
    const error = new Error(`INSERT failed for ${order.password}`);
    const { call, errors } = createProvider({ provision: () => Promise.reject(error) });
    const { status, body } = await call();
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('INSERT');
    expect(errors).toEqual([error]);
  });

  test.each(['null', '""', '{}', '[]', 'true', '1e999', '{"coid":""}'])(
    'is a coid that is none: %s',
    async (made) => {
      const provision = async () => JSON.parse(made);
      const { call, errors } = createProvider({ provision });
      expect(await call()).toMatchObject({ status: 500 });
      expect(errors).toMatchObject([
        { message: expect.stringContaining('provision has to resolve to the coid') },
      ]);
    },
  );

  test('spoils nothing where onError fails as well', async () => {
    const onError = () => {
      throw new Error('no log');
    };
    const { call } = createProvider({ provision: () => Promise.reject(new Error('no database')), onError });
    expect(await call()).toMatchObject({ status: 500 });
  });

  test.each([
    ['read', (request: Request) => request.text()],
    ['locked', (request: Request) => Promise.resolve(request.body?.getReader())],
  ])('is a body that was %s before: the answer says what to do', async (_name, spoil) => {
    const { handler, errors, made } = createProvider();
    const request = new Request('https://acme.example/', signedCall(order));
    await spoil(request);
    const response = await handler(request);
    expect(response.status).toBe(500);
    expect((await response.json()).detail).toContain('mount this route before express.json()');
    expect(errors).toHaveLength(1);
    expect(made).toEqual([]);
  });
});

describe('a replay', () => {
  test('gets the same coid', async () => {
    const { answers } = createAnswers();
    const { call, made } = createProvider({ answers });
    const first = await call();
    const again = await call(order, { atMs: Date.now() + 5_000 });
    expect([first, again]).toMatchObject(Array(2).fill({ status: 201, body: { coid: 'c-1' } }));
    expect(made).toHaveLength(1);
    expect(await call(order, { id: 'order-2' })).toMatchObject({ body: { coid: 'c-2' } });
  });

  test('is one by its signed id: a call that was overheard makes no further account', async () => {
    const { answers } = createAnswers();
    const { call, made } = createProvider({ answers });
    for (const idempotencyKey of ['order-1', 'forged-1', 'forged-2', '']) {
      expect(await call(order, { idempotencyKey })).toMatchObject({ body: { coid: 'c-1' } });
    }
    // Nor does a header that is not signed join two orders.
    expect(await call(order, { id: 'order-2', idempotencyKey: 'order-1' })).toMatchObject({
      body: { coid: 'c-2' },
    });
    expect(made.map(([, context]) => context)).toEqual(
      ['order-1', 'order-2'].map((idempotencyKey) => ({ idempotencyKey })),
    );
  });

  test('of an overheard call is handed the same key without a store, too', async () => {
    const { call, made } = createProvider();
    for (const idempotencyKey of ['order-1', 'forged-1', 'forged-2']) await call(order, { idempotencyKey });
    expect(new Set(made.map(([, context]) => context.idempotencyKey))).toEqual(new Set(['order-1']));
  });

  test('with another account is refused, with fields in another order or another password it is not', async () => {
    const { answers } = createAnswers();
    const { call, made } = createProvider({ answers });
    await call();
    expect(await call({ ...order, email: 'eve@acme.example' })).toMatchObject({ status: 422 });
    const reordered = Object.fromEntries(Object.entries(order).reverse());
    expect(await call({ ...reordered, password: 'entered anew' })).toMatchObject({
      status: 201,
      body: { coid: 'c-1' },
    });
    expect(made).toHaveLength(1);
  });

  test('is told after the secret was replaced', async () => {
    const { answers } = createAnswers();
    await createProvider({ answers }).call();
    const later = createProvider({ answers, secret: nextSecret });
    expect(await later.call(order, { secret: nextSecret })).toMatchObject({
      status: 201,
      body: { coid: 'c-1' },
    });
    expect(later.made).toEqual([]);
  });

  test.each([
    ['with', createAnswers().answers],
    ['without', undefined],
  ])('while the first is under way waits for it, %s a store', async (_name, answers) => {
    const { promise, resolve } = Promise.withResolvers<string>();
    let calls = 0;
    const provision = () => {
      calls++;
      return promise;
    };
    const { call } = createProvider({ answers, provision });
    const both = Promise.all([call(), call(), call({ ...order, email: 'eve@acme.example' })]);
    await expect.poll(() => calls).toBe(1);
    resolve('c-1');
    expect(await both).toMatchObject([
      { status: 201, body: { coid: 'c-1' } },
      { status: 201, body: { coid: 'c-1' } },
      { status: 422 },
    ]);
    expect(calls).toBe(1);
  });

  test('after an error or a refusal is provisioned anew', async () => {
    const { answers, kept } = createAnswers();
    const outcomes = [new Error('no database'), new ProvisionRefused('Not now.')];
    const provision = async () => {
      const outcome = outcomes.shift();
      if (outcome) throw outcome;
      return 'c-1';
    };
    const { call } = createProvider({ answers, provision });
    expect([(await call()).status, (await call()).status, kept.size]).toEqual([500, 400, 0]);
    expect(await call()).toMatchObject({ status: 201 });
  });

  test('without a store is handed the same key', async () => {
    const { call, made } = createProvider();
    await call();
    await call();
    expect(made.map(([, { idempotencyKey }]) => idempotencyKey)).toEqual(['order-1', 'order-1']);
  });

  test('nothing of the account is in the store but a hash', async () => {
    const { answers, kept } = createAnswers();
    await createProvider({ answers }).call();
    const [[key, text] = []] = kept;
    expect(key).toBe('order-1');
    expect(JSON.parse(text ?? '')).toEqual({ coid: 'c-1', account: expect.stringMatching(/^[\w-]{43}$/) });
  });
});

describe('a store that fails', () => {
  test('to read: nothing is provisioned', async () => {
    const get = () => Promise.reject(new Error('no database'));
    const { call, made, errors } = createProvider({ answers: { get, put: async () => {} } });
    expect(await call()).toMatchObject({ status: 500 });
    expect({ made, errors: errors.length }).toEqual({ made: [], errors: 1 });
  });

  test('to write: the account is there, and the marketplace is told so', async () => {
    const put = () => Promise.reject(new Error('disk full'));
    const { call, errors } = createProvider({ answers: { get: async () => undefined, put } });
    expect(await call()).toMatchObject({ status: 201, body: { coid: 'c-1' } });
    expect(errors).toMatchObject([{ message: 'disk full' }]);
  });
});

test('a password shows in nothing but reveal', async () => {
  const { call, made } = createProvider();
  await call();
  const [[account] = []] = made;
  const password: Password | undefined = account?.password;
  const shown = [
    JSON.stringify(account),
    inspect(account, { depth: 9, showHidden: true }),
    `${password}`,
    `${account?.password}`,
    String(password),
    inspect(password),
    JSON.stringify({ ...password }),
    JSON.stringify(structuredClone({ ...account, password: { ...password } })),
  ];
  for (const text of shown) expect(text).not.toContain(order.password);
  expect(`${password} ${inspect(password)} ${JSON.stringify(password)}`).toBe(
    '[redacted] [redacted] "[redacted]"',
  );
  expect(password?.reveal()).toBe(order.password);
});

test.each<[string, object, RegExp]>([
  ['no secret', { secret: undefined }, /secret has to be/],
  ['an empty secret', { secret: '' }, /secret has to be/],
  ['no secrets', { secret: [] }, /secret has to be/],
  ['the partner key as secret', { secret: 'pk_acme' }, /secret has to be/],
  ['a secret that is no base64 after whsec_', { secret: 'whsec_*' }, /secret has to be/],
  ['no provision', { provision: undefined }, /provision has to be/],
  ['a field that there is none of', { required: ['e-mail'] }, /required may name username, password, /],
  ['two mistakes', { secret: '', provision: 1 }, /secret .*; provision .*\.$/],
  ['half a store', { answers: { get: () => undefined } }, /answers has to have/],
  ['no tolerance', { toleranceSeconds: 0 }, /toleranceSeconds/],
])('says what is wrong with %s', (_name, changes, message) => {
  expect(() => createProvider(changes)).toThrow(TypeError);
  expect(() => createProvider(changes)).toThrow(message);
});

describe('an answer', () => {
  const documents: [name: string, init: RequestInit, problem: object][] = [
    [
      'GET',
      { method: 'GET' },
      {
        type: 'urn:onramp:problem:method_not_allowed',
        title: 'Method Not Allowed',
        status: 405,
        detail: 'The marketplace calls this address with POST.',
      },
    ],
    [
      'too much',
      signedCall(`{}${' '.repeat(65_535)}`),
      {
        type: 'urn:onramp:problem:too_large',
        title: 'Content Too Large',
        status: 413,
        detail: 'A message has at most 64 KiB.',
      },
    ],
    [
      'no object',
      signedCall('1'),
      {
        type: 'urn:onramp:problem:no_object',
        title: 'Bad Request',
        status: 400,
        detail: 'The body has to be a JSON object.',
      },
    ],
    [
      'what lacks its headers',
      { method: 'POST' },
      {
        type: 'urn:onramp:problem:missing_headers',
        title: 'Bad Request',
        status: 400,
        detail: 'The headers webhook-id, webhook-timestamp and webhook-signature are needed.',
      },
    ],
    [
      'what is not signed',
      signedCall(order, { secret: nextSecret }),
      {
        type: 'urn:onramp:problem:wrong_signature',
        title: 'Unauthorized',
        status: 401,
        detail: 'No signature in webhook-signature is of this body under a valid secret.',
      },
    ],
    [
      'wrong fields',
      signedCall({ name: true, email: '' }),
      {
        type: 'urn:onramp:problem:invalid_fields',
        title: 'Fields are missing or wrong',
        status: 400,
        detail: 'name must be text; email is required.',
        errors: [
          { pointer: '/name', code: 'wrong_type', detail: 'name must be text' },
          { pointer: '/email', code: 'required', detail: 'email is required' },
        ],
      },
    ],
    [
      'what the provider refuses',
      signedCall({ email: 'taken@acme.example' }),
      {
        type: 'urn:onramp:problem:refused',
        title: 'No account was made',
        status: 400,
        detail: 'Taken.',
        errors: [{ pointer: '/email', code: 'refused', detail: 'There is one.' }],
      },
    ],
    [
      'a failure',
      signedCall(order),
      {
        type: 'urn:onramp:problem:failed',
        title: 'Internal Server Error',
        status: 500,
        detail: 'The account could not be made. The reason stands in the log of the provider.',
      },
    ],
  ];
  test.each(documents)('to %s says so in a problem document', async (_name, init, problem) => {
    const { send } = createProvider({
      required: ['email'],
      provision: async ({ email }) => {
        if (email === 'taken@acme.example')
          throw new ProvisionRefused('Taken.', { errors: { email: 'There is one.' } });
        throw new Error('no database');
      },
    });
    expect((await send(init)).body).toEqual(problem);
  });

  test('to a key that came with another account says so', async () => {
    const { answers } = createAnswers();
    const { call } = createProvider({ answers });
    await call();
    expect((await call({ ...order, name: 'Eve' })).body).toEqual({
      type: 'urn:onramp:problem:idempotency_key_reused',
      title: 'The key belongs to another account',
      status: 422,
      detail: 'This webhook-id came with another account before. Each order needs its own.',
    });
  });

  test('is kept by nobody on the way', async () => {
    const { send, call } = createProvider();
    for (const { headers } of [await call(), await send({ method: 'GET' })]) {
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  test('to 64 KiB is a success', async () => {
    const { call } = createProvider();
    expect(await call(`{}${' '.repeat(65_534)}`)).toMatchObject({ status: 201 });
  });
});

// Answers are kept over updates of the kit: another hash would refuse an order that comes again.
test('the hash of an account stays what it is', async () => {
  const { answers, kept } = createAnswers();
  await createProvider({ answers }).call();
  expect(JSON.parse(kept.get('order-1') ?? '').account).toBe('MCREh1WIJi14ALtR4Yv0g9cqVfdIfhDEu22RmuhNGFA');
});

test('what went wrong is told in the console unless somebody else hears it', async () => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => {});
  const error = new Error('no database');
  await createProvider({ provision: () => Promise.reject(error), onError: undefined }).call();
  expect(told.mock.calls).toEqual([[error]]);
  told.mockRestore();
});
