import { describe, expect } from 'vitest';
import type { Level } from '../../src/wire/fields.ts';
import { bearer, fromAcme, purchase } from './support/purchase.ts';
import { type Fields, hourMs, type Provider, type Service, startMs } from './support/service.ts';
import { test } from './support/test.ts';

interface Circumstances {
  headers?: Record<string, string>;
  /** Sent before, by the provider's server. */
  before?: Fields;
  minimumLevel?: Level;
  disabled?: boolean;
}

/** What is sent may need the keys of the provider that it is sent to; so may its headers, where SECRET is the secret. */
type Row = [name: string, status: number, result: string, send: (acme: Provider) => Fields, Circumstances?];

const order = { ...purchase, orderId: 'order-1', amount: '49.9', currency: 'USD' };
const asItIs = () => purchase;
const withOrder = (fields: Fields) => () => ({ ...order, ...fields });
const nineDaysMs = 9 * 24 * hourMs;
const withBearer = (authorization: string) => ({ headers: { authorization } });

const rows: Row[] = [
  ['the four fields of 2017', 201, 'created', asItIs],
  ['the same purchase again', 200, 'duplicate', asItIs, { before: purchase }],
  [
    'the same order at another time, its amount written differently',
    200,
    'duplicate',
    withOrder({ amount: '49.900', currency: 'usd', purchasedAt: '2026-05-04' }),
    { before: order },
  ],
  ['a copy that says no amount', 200, 'duplicate', withOrder({ amount: '' }), { before: order }],
  ['another order', 201, 'created', withOrder({ orderId: 'order-2' }), { before: order }],
  ['the same order with another amount', 409, 'conflict', withOrder({ amount: 1 }), { before: order }],
  ['the same order in another currency', 409, 'conflict', withOrder({ currency: 'EUR' }), { before: order }],
  ['a purchase without customer', 400, 'invalid_fields', () => ({ ...purchase, customerId: '' })],

  ['a partner key that nobody has', 403, 'unknown_partner_key', withOrder({ partnerKey: 'pk_nobody' })],
  [
    'a partner key that nobody has, with a wrong secret',
    403,
    'unknown_partner_key',
    withOrder({ partnerKey: 'pk_nobody' }),
    withBearer('Bearer wrong'),
  ],
  ['a provider that is disabled', 403, 'provider_disabled', asItIs, { disabled: true }],
  [
    'a wrong secret, where the provider is disabled',
    401,
    'wrong_secret',
    asItIs,
    { disabled: true, ...withBearer('Bearer wrong') },
  ],
  [
    'a wrong signature, where the provider is disabled',
    401,
    'wrong_signature',
    withOrder({ sig: 'trust me' }),
    { disabled: true },
  ],

  ['the secret', 201, 'created', asItIs, withBearer('Bearer SECRET')],
  ['a wrong secret with the right key id', 401, 'wrong_secret', asItIs, withBearer('Bearer FORGED')],
  ...['Bearer', 'SECRET', 'Token SECRET', 'Bearer SECRET more', 'Basic cGtfYWNtZTo='].map(
    (form): Row => [`an Authorization of the form ${form}`, 401, 'wrong_secret', asItIs, withBearer(form)],
  ),
  [
    'the secret after a tab, the scheme in another case',
    201,
    'created',
    asItIs,
    { minimumLevel: 'server', ...withBearer('bEARER\tSECRET') },
  ],

  ['a signature', 201, 'created', (acme) => acme.sign(order)],
  [
    'a signature over another amount',
    401,
    'wrong_signature',
    (acme) => ({ ...acme.sign(order), amount: '1' }),
  ],
  ['a signature that is none', 401, 'wrong_signature', withOrder({ sig: 'trust me' })],
  ['a signature nine days old', 201, 'created', (acme) => acme.sign(order, startMs - nineDaysMs)],
  [
    'a signature older than nine days',
    401,
    'expired_signature',
    (acme) => acme.sign(order, startMs - nineDaysMs - 1000),
  ],
  [
    'no origin, where the provider demands one',
    403,
    'below_minimum_level',
    asItIs,
    { minimumLevel: 'origin' },
  ],
  [
    'another origin, where the provider demands its own',
    403,
    'below_minimum_level',
    asItIs,
    { minimumLevel: 'origin', headers: { origin: 'https://evil.example', referer: 'https://acme.example/' } },
  ],
  [
    'the origin that the provider demands',
    201,
    'created',
    asItIs,
    { minimumLevel: 'origin', headers: fromAcme },
  ],
  [
    'the origin in the referrer, as images send it',
    201,
    'created',
    asItIs,
    { minimumLevel: 'origin', headers: { origin: 'null', referer: 'https://acme.example/thanks' } },
  ],
  [
    'an origin, where the provider demands a signature',
    403,
    'below_minimum_level',
    asItIs,
    { minimumLevel: 'signed', headers: fromAcme },
  ],
  [
    'a visit, whatever the provider demands of purchases',
    201,
    'created',
    () => ({ event: 'visit', referral: 'r1', landedAt: startMs }),
    { minimumLevel: 'server' },
  ],
];

describe.each(rows)('%s is answered with %i, %s', (_name, status, said, send, circumstances = {}) => {
  const { before, minimumLevel = 'unsigned', disabled = false } = circumstances;
  const result = status < 400 ? said : `rejected; reason=${said}`;

  async function prepare(addProvider: Service['addProvider']): Promise<Provider> {
    const acme = await addProvider({ minimumLevel, disabled });
    if (before) await acme.post(before, bearer(acme.secret));
    return acme;
  }

  function headersFor({ secret, keyId }: Provider): Record<string, string> {
    const { authorization, ...others } = circumstances.headers ?? {};
    if (authorization === undefined) return others;
    const forged = `os_${keyId}_${'A'.repeat(43)}`;
    return { ...others, authorization: authorization.replace('SECRET', secret).replace('FORGED', forged) };
  }

  test('by POST', async ({ addProvider }) => {
    const acme = await prepare(addProvider);
    const answer = await acme.post(send(acme), headersFor(acme));
    expect(answer).toMatchObject({ status, body: { status: status < 400 ? result : status } });
    expect(answer.headers.get('x-tracking-result')).toBe(result);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const type = status < 400 ? 'application/json; charset=utf-8' : 'application/problem+json';
    expect(answer.headers.get('content-type')).toBe(type);
  });

  test('by GIF', async ({ addProvider }) => {
    const acme = await prepare(addProvider);
    const answer = await acme.picture(send(acme), headersFor(acme));
    expect(answer).toMatchObject({
      status: status === 201 ? 200 : status,
      picture: status < 400 ? '3x1' : '1x3',
    });
    expect(answer.headers.get('x-tracking-result')).toBe(result);
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  });
});

describe('addresses and methods', () => {
  test.for<[string, string, number, string | null]>([
    ['PUT', '/api/SaasTrackings', 405, 'GET, POST, OPTIONS'],
    ['DELETE', '/api/SaasTrackings', 405, 'GET, POST, OPTIONS'],
    ['POST', '/api/SaasTrackings.gif', 405, 'GET, HEAD'],
    ['POST', '/go/acme', 405, 'GET, HEAD'],
    ['POST', '/onramp.js', 405, 'GET, HEAD'],
    ['PUT', '//api/SaasTrackings/?secret=1', 405, 'GET, POST, OPTIONS'],
    ['POST', '/onramp-0.0.0.js', 405, 'GET, HEAD'],
    ['DELETE', '/order/acme', 405, 'GET, HEAD, POST'],
    ['POST', '/console/orders', 405, 'GET'],
    ['DELETE', '/console/rejections/replay', 405, 'GET, POST'],
    ['POST', '/console/nothing', 404, null],
    ['POST', '/order/acme/more', 404, null],
    ['GET', '/api/nothing?secret=1', 404, null],
    ['GET', '/%zz?secret=1', 400, null],
  ])('%s %s answers %i', async ([method, path, status, allow], { service }) => {
    const answer = await service.send(path, { method });
    expect(answer).toMatchObject({ status, body: { status, instance: path.split('?')[0] } });
    expect(answer.headers.get('allow')).toBe(allow);
  });

  test('an Authorization of another form is told the right one', async ({ acme, service }) => {
    const bare = { authorization: acme.secret };
    const detail = expect.stringContaining('Authorization: Bearer <secret>');
    expect(await acme.post(purchase, bare)).toMatchObject({ status: 401, body: { detail } });
    expect(await service.send('/api/rejections', { headers: bare })).toMatchObject({ body: { detail } });
  });

  test('an unknown address is 404, whatever is sent to it', async ({ service }) => {
    for (const contentType of ['application/json', 'application/xml', 'garbage']) {
      const init = { method: 'POST', headers: { 'content-type': contentType }, body: '{' };
      expect(await service.send('/api/nothing', init)).toMatchObject({ status: 404, body: { status: 404 } });
    }
  });

  test('a base URL may end in a slash', async ({ acme, service }) => {
    const { partnerKey } = acme;
    const init = { method: 'POST', body: JSON.stringify({ ...purchase, partnerKey }) };
    expect(await service.send('//api/SaasTrackings', init)).toMatchObject({ status: 201 });
    const query = new URLSearchParams({ ...purchase, partnerKey });
    const { headers } = await service.send(`//api/SaasTrackings.gif?${query}`);
    expect(headers.get('x-tracking-result')).toBe('duplicate');
  });

  test('a preflight allows what beacons need, and no Authorization', async ({ service }) => {
    const { status, headers } = await service.send('/api/SaasTrackings', { method: 'OPTIONS' });
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-headers')).toBe('content-type');
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  });

  test('HEAD of the picture stores nothing, neither what is right nor what would be refused', async ({
    acme,
    service,
  }) => {
    for (const fields of [purchase, { ...purchase, customerId: '' }]) {
      const path = `/api/SaasTrackings.gif?${new URLSearchParams({ ...fields, partnerKey: acme.partnerKey })}`;
      expect(await service.send(path, { method: 'HEAD' })).toMatchObject({ status: 200, body: { text: '' } });
    }
    expect(await acme.rows()).toEqual([]);
    expect(await acme.rejections()).toEqual([]);
  });

  test('a picture takes 8,000 bytes of query', async ({ acme }) => {
    const answer = await acme.picture({ ...purchase, padding: 'x'.repeat(8_000) });
    expect(answer).toMatchObject({ status: 200, picture: '3x1' });
  });
});

describe('a picture names the message that it answers', () => {
  const sizes: [ending: string, length: number][] = [
    ['', 3],
    ['sent=1764547200000', 3],
    ['sent=1764547200999', 1002],
    ['clock=1777896000253', 256],
    ['clock=1777896000253&sent=1764547200001', 4],
    ['clock=1777896000253&sent=', 256],
    ['clock=1777896000253&sent=soon', 3],
    ['sent=1764547200000.5', 3],
    ['sent=-1764547200001', 3],
    ['sent=1764547200001&sent=1764547200002', 4],
  ];
  test.for(sizes)('that ends in %j, by %i pixels', async ([ending, length], { acme, service }) => {
    const sizeOf = async (fields: Record<string, string>) => {
      const query = new URLSearchParams({ ...fields, partnerKey: acme.partnerKey });
      const response = await fetch(`${service.baseUrl}/api/SaasTrackings.gif?${query}&${ending}`);
      const bytes = Buffer.from(await response.arrayBuffer());
      return [response.status, bytes.readUInt16LE(6), bytes.readUInt16LE(8), bytes.length];
    };
    expect(await sizeOf(purchase)).toEqual([200, length, 1, 43]);
    expect(await sizeOf(purchase)).toEqual([200, length, 1, 43]);
    expect(await sizeOf({ ...purchase, customerId: '' })).toEqual([400, 1, length, 43]);
  });

  test('as far as it can be read', async ({ service }) => {
    const path = '/api/SaasTrackings.gif?customerId=M%FCller&sent=1764547200007';
    const response = await fetch(service.baseUrl + path);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect([response.status, bytes.readUInt16LE(6), bytes.readUInt16LE(8)]).toEqual([400, 1, 10]);
  });
});
