import { describe, expect } from 'vitest';
import type { Level } from '../../src/wire/fields.ts';
import { bearer, fromAcme, purchase } from './support/purchase.ts';
import { type Fields, hourMs, type Provider, startMs } from './support/service.ts';
import { test } from './support/test.ts';

interface Row {
  name: string;
  /** Sent before, by the provider's server. */
  before?: Fields;
  minimumLevel?: Level;
  disabled?: boolean;
  send: (acme: Provider) => { fields: Fields; headers?: Record<string, string> };
  status: number;
  result: string;
}

const order = { ...purchase, orderId: 'order-1', amount: '49.9', currency: 'USD' };

const rows: Row[] = [
  {
    name: 'the four fields of 2017',
    send: () => ({ fields: purchase }),
    status: 201,
    result: 'created',
  },
  {
    name: 'the same purchase again',
    before: purchase,
    send: () => ({ fields: purchase }),
    status: 200,
    result: 'duplicate',
  },
  {
    name: 'the same order at another time, its amount written differently',
    before: order,
    send: () => ({ fields: { ...order, amount: '49.900', currency: 'usd', purchasedAt: '2026-05-04' } }),
    status: 200,
    result: 'duplicate',
  },
  {
    name: 'a copy that says no amount',
    before: order,
    send: () => ({ fields: { ...order, amount: '' } }),
    status: 200,
    result: 'duplicate',
  },
  {
    name: 'another order',
    before: order,
    send: () => ({ fields: { ...order, orderId: 'order-2' } }),
    status: 201,
    result: 'created',
  },
  {
    name: 'the same order with another amount',
    before: order,
    send: () => ({ fields: { ...order, amount: 1 } }),
    status: 409,
    result: 'rejected; reason=conflict',
  },
  {
    name: 'the same order in another currency',
    before: order,
    send: () => ({ fields: { ...order, currency: 'EUR' } }),
    status: 409,
    result: 'rejected; reason=conflict',
  },
  {
    name: 'a purchase without customer',
    send: () => ({ fields: { ...purchase, customerId: '' } }),
    status: 400,
    result: 'rejected; reason=invalid_fields',
  },
  {
    name: 'a partner key that nobody has',
    send: () => ({ fields: { ...purchase, partnerKey: 'pk_nobody' } }),
    status: 403,
    result: 'rejected; reason=unknown_partner_key',
  },
  {
    name: 'a partner key that nobody has, with a wrong secret',
    send: () => ({ fields: { ...purchase, partnerKey: 'pk_nobody' }, headers: bearer('wrong') }),
    status: 403,
    result: 'rejected; reason=unknown_partner_key',
  },
  {
    name: 'a provider that is disabled',
    disabled: true,
    send: () => ({ fields: purchase }),
    status: 403,
    result: 'rejected; reason=provider_disabled',
  },
  {
    name: 'a wrong secret, where the provider is disabled',
    disabled: true,
    send: () => ({ fields: purchase, headers: bearer('wrong') }),
    status: 401,
    result: 'rejected; reason=wrong_secret',
  },
  {
    name: 'a wrong signature, where the provider is disabled',
    disabled: true,
    send: () => ({ fields: { ...order, sig: 'trust me' } }),
    status: 401,
    result: 'rejected; reason=wrong_signature',
  },
  {
    name: 'the secret',
    send: ({ secret }) => ({ fields: purchase, headers: bearer(secret) }),
    status: 201,
    result: 'created',
  },
  {
    name: 'a wrong secret with the right key id',
    send: ({ keyId }) => ({ fields: purchase, headers: bearer(`os_${keyId}_${'A'.repeat(43)}`) }),
    status: 401,
    result: 'rejected; reason=wrong_secret',
  },
  {
    name: 'an empty bearer token',
    send: () => ({ fields: purchase, headers: { authorization: 'Bearer' } }),
    status: 401,
    result: 'rejected; reason=wrong_secret',
  },
  ...['SECRET', 'Token SECRET', 'Bearer SECRET more', 'Basic cGtfYWNtZTo='].map(
    (form): Row => ({
      name: `an Authorization of the form ${form}`,
      send: ({ secret }) => ({
        fields: purchase,
        headers: { authorization: form.replace('SECRET', secret) },
      }),
      status: 401,
      result: 'rejected; reason=wrong_secret',
    }),
  ),
  {
    name: 'the secret after a tab, the scheme in another case',
    minimumLevel: 'server',
    send: ({ secret }) => ({ fields: purchase, headers: { authorization: `bEARER\t${secret}` } }),
    status: 201,
    result: 'created',
  },
  {
    name: 'a signature',
    send: (acme) => ({ fields: acme.sign(order) }),
    status: 201,
    result: 'created',
  },
  {
    name: 'a signature over another amount',
    send: (acme) => ({ fields: { ...acme.sign(order), amount: '1' } }),
    status: 401,
    result: 'rejected; reason=wrong_signature',
  },
  {
    name: 'a signature that is none',
    send: () => ({ fields: { ...order, sig: 'trust me' } }),
    status: 401,
    result: 'rejected; reason=wrong_signature',
  },
  {
    name: 'a signature nine days old',
    send: (acme) => ({ fields: acme.sign(order, startMs - 9 * 24 * hourMs) }),
    status: 201,
    result: 'created',
  },
  {
    name: 'a signature older than nine days',
    send: (acme) => ({ fields: acme.sign(order, startMs - 9 * 24 * hourMs - 1000) }),
    status: 401,
    result: 'rejected; reason=expired_signature',
  },
  {
    name: 'a signature from the future',
    send: (acme) => ({ fields: acme.sign(order, startMs + 301_000) }),
    status: 401,
    result: 'rejected; reason=expired_signature',
  },
  {
    name: 'no origin, where the provider demands one',
    minimumLevel: 'origin',
    send: () => ({ fields: purchase }),
    status: 403,
    result: 'rejected; reason=below_minimum_level',
  },
  {
    name: 'another origin, where the provider demands its own',
    minimumLevel: 'origin',
    send: () => ({
      fields: purchase,
      headers: { origin: 'https://evil.example', referer: 'https://acme.example/' },
    }),
    status: 403,
    result: 'rejected; reason=below_minimum_level',
  },
  {
    name: 'the origin that the provider demands',
    minimumLevel: 'origin',
    send: () => ({ fields: purchase, headers: fromAcme }),
    status: 201,
    result: 'created',
  },
  {
    name: 'the origin in the referrer, as images send it',
    minimumLevel: 'origin',
    send: () => ({ fields: purchase, headers: { origin: 'null', referer: 'https://acme.example/thanks' } }),
    status: 201,
    result: 'created',
  },
  {
    name: 'an origin, where the provider demands a signature',
    minimumLevel: 'signed',
    send: () => ({ fields: purchase, headers: fromAcme }),
    status: 403,
    result: 'rejected; reason=below_minimum_level',
  },
  {
    name: 'a visit, whatever the provider demands of purchases',
    minimumLevel: 'server',
    send: () => ({ fields: { partnerKey: 'pk_acme', event: 'visit', referral: 'r1', landedAt: startMs } }),
    status: 201,
    result: 'created',
  },
];

describe.each(rows)(
  '$name',
  ({ before, minimumLevel = 'unsigned', disabled = false, send, status, result }) => {
    const answering = test.extend('acme', async ({ addProvider }) => {
      const acme = await addProvider({ minimumLevel, disabled });
      if (before) await acme.post(before, bearer(acme.secret));
      return acme;
    });

    answering(`POST answers ${status}, ${result}`, async ({ acme }) => {
      const { fields, headers } = send(acme);
      const answer = await acme.post(fields, headers);
      expect(answer).toMatchObject({ status, body: { status: status < 400 ? result : status } });
      expect(answer.headers.get('x-tracking-result')).toBe(result);
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect(answer.headers.get('cache-control')).toBe('no-store');
      const type = status < 400 ? 'application/json; charset=utf-8' : 'application/problem+json';
      expect(answer.headers.get('content-type')).toBe(type);
    });

    answering(`GIF answers ${status}, ${result}`, async ({ acme }) => {
      const { fields, headers } = send(acme);
      const answer = await acme.picture(fields, headers);
      expect(answer).toMatchObject({
        status: status === 201 ? 200 : status,
        picture: status < 400 ? '3x1' : '1x3',
      });
      expect(answer.headers.get('x-tracking-result')).toBe(result);
      expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    });
  },
);

describe('addresses and methods', () => {
  test.for<[string, string, number, string | null]>([
    ['PUT', '/api/SaasTrackings', 405, 'GET, POST, OPTIONS'],
    ['DELETE', '/api/SaasTrackings', 405, 'GET, POST, OPTIONS'],
    ['POST', '/api/SaasTrackings.gif', 405, 'GET, HEAD'],
    ['POST', '/go/acme', 405, 'GET, HEAD'],
    ['POST', '/onramp.js', 405, 'GET, HEAD'],
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
