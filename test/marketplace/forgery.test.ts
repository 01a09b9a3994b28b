import { describe, expect } from 'vitest';
import { createSecret } from '../../src/marketplace/providers/secret.ts';
import { permutations } from '../support/permutations.ts';
import { bearer, fromAcme, purchase } from './support/purchase.ts';
import { type Fields, hourMs, type Provider, type Service, startMs } from './support/service.ts';
import { test } from './support/test.ts';

const order = { ...purchase, orderId: 'A-1001', amount: '49.9', currency: 'EUR' };
const dayMs = 24 * hourMs;

describe('whoever guesses an order id first', () => {
  test.for<[string, Record<string, string>]>([
    ['anyone', {}],
    ['another site', { origin: 'https://evil.example' }],
    ['a program that names the page', fromAcme],
  ])('%s can spoil nothing that the provider says later', async ([_name, forger], { acme }) => {
    const forged = { amount: '0.01', currency: 'USD', referral: 'forged', purchasedAt: '2026-05-01' };
    await acme.post({ ...order, ...forged, page: 'https://evil.example/' }, forger);
    const right = { referral: 'right', page: 'https://acme.example/thanks' };
    expect(await acme.post({ ...order, ...right }, bearer(acme.secret))).toMatchObject({ status: 200 });
    expect(await acme.rows()).toMatchObject([
      { ...order, ...right, partnerKey: acme.partnerKey, trust: 'server' },
    ]);
  });

  test.for<[string, Record<string, string>]>([
    ['anyone', {}],
    ['a program that names the page', fromAcme],
  ])('or later: %s changes nothing of it', async ([_name, forger], { acme }) => {
    await acme.post({ ...order, referral: 'right' }, bearer(acme.secret));
    const before = await acme.rows();
    expect(await acme.post({ ...order, amount: '0.01' }, forger)).toMatchObject({ status: 409 });
    expect(await acme.post({ ...order, currency: 'USD' }, forger)).toMatchObject({ status: 409 });
    const altered = { referral: 'forged', purchasedAt: '2026-05-01' };
    expect(await acme.post({ ...order, ...altered }, forger)).toMatchObject({ status: 200 });
    const [row] = await acme.rows();
    const { copies: _copies, ...said } = row ?? {};
    expect(before).toMatchObject([said]);
  });

  test('and in whatever order all four senders come, the row is the same', async ({ acme }) => {
    const { partnerKey, secret } = acme;
    const senders = [
      (order: object) => acme.post({ ...purchase, ...order, amount: '1', referral: 'r1' }),
      (order: object) => acme.post({ ...purchase, ...order, amount: '2', referral: 'r2' }, fromAcme),
      (order: object) => acme.post(acme.sign({ ...purchase, ...order, partnerKey, amount: '3' })),
      (order: object) => acme.post({ ...purchase, ...order, amount: '4' }, bearer(secret)),
    ];
    const orders = permutations(senders);
    await Promise.all(
      orders.map(async (order, index) => {
        for (const send of order) await send({ orderId: `${index}` });
      }),
    );
    const rows = await acme.rows('?limit=1000');
    expect(rows).toHaveLength(orders.length);
    for (const row of rows) {
      expect(row).toMatchObject({
        trust: 'server',
        amount: '4',
        referral: 'r2',
        levels: { referral: 'origin' },
      });
    }
  });

  test('anyone learns nothing of the row that there is', async ({ acme }) => {
    await acme.post(order, bearer(acme.secret));
    for (const forger of [{}, fromAcme]) {
      const { body } = await acme.post({ ...order, amount: undefined, currency: undefined }, forger);
      expect(Object.keys(body).sort()).toEqual(['id', 'status']);
    }
    const { body } = await acme.post({ ...order, amount: '1' });
    expect(JSON.stringify(body)).not.toContain('49.9');
  });
});

describe('a signature', () => {
  test.for<[string, Fields]>([
    ['service', { serviceName: 'Acme Mail' }],
    ['customer', { customerId: 'cust-2' }],
    ['order id', { orderId: 'A-1002' }],
    ['no order id', { orderId: undefined }],
    ['time', { purchasedAt: '2026-05-04T10:00:00.001Z' }],
    ['amount', { amount: '0.01' }],
    ['no amount', { amount: undefined }],
    ['currency', { currency: 'USD' }],
    ['clock, which would put the time in the browser’s hands', { clock: startMs }],
  ])('replayed with another %s is refused, and not taken as none', async ([_name, altered], { acme }) => {
    const message = acme.sign(order);
    for (const headers of [{}, fromAcme]) {
      expect(await acme.post({ ...message, ...altered }, headers)).toMatchObject({
        status: 401,
        body: { type: 'urn:onramp:problem:wrong_signature' },
      });
    }
    expect(await acme.picture({ ...message, ...altered })).toMatchObject({ status: 401, picture: '1x3' });
    expect(await acme.rows()).toEqual([]);
  });

  test('moved between fields is refused', async ({ acme }) => {
    const { sig } = acme.sign({ ...purchase, serviceName: 'Acme', customerId: 'CRM 1' });
    const moved = { ...purchase, serviceName: 'Acme CRM', customerId: '1', sig };
    expect(await acme.post(moved)).toMatchObject({ status: 401 });
    expect(await acme.rows()).toEqual([]);
  });

  test('replayed as it is, is the same purchase', async ({ acme }) => {
    const message = acme.sign(order);
    for (let copy = 0; copy < 5; copy++) await acme.post(message);
    expect(await acme.rows()).toHaveLength(1);
  });

  test('lends nothing to what it does not cover', async ({ acme }) => {
    await acme.post({ ...order, referral: 'right', page: 'https://acme.example/' }, fromAcme);
    const stolen = { ...acme.sign(order), referral: 'forged', page: 'https://evil.example/' };
    expect(await acme.post(stolen)).toMatchObject({ status: 200 });
    expect(await acme.rows()).toMatchObject([
      { trust: 'signed', referral: 'right', page: 'https://acme.example/' },
    ]);
  });

  test('of a visit proves nothing', async ({ acme }) => {
    const visit = { partnerKey: 'pk_acme', event: 'visit', referral: 'r1', landedAt: startMs };
    await acme.post({ ...visit, sig: acme.sign(order).sig });
    expect(await acme.rows()).toMatchObject([{ event: 'visit', trust: 'unsigned' }]);
  });

  test.for<[string, number, number]>([
    ['9 days old', -9 * dayMs, 201],
    ['a second more than 9 days old', -9 * dayMs - 1_000, 401],
    ['5 minutes ahead', 300_000, 201],
    ['in milliseconds', startMs * 999, 401],
  ])('%s: %i ms from now is answered %i', async ([_name, offsetMs, status], { acme }) => {
    expect(await acme.post(acme.sign(order, startMs + offsetMs))).toMatchObject({ status });
  });

  test.for<[string, number]>([
    ['6 minutes', 360_000],
    ['2 days, by which its purchase lies ahead, too', 2 * dayMs],
    ['400 days', 400 * dayMs],
  ])(
    '%s ahead: a clock is wrong, and nothing is refused for good',
    async ([_name, aheadMs], { acme, service }) => {
      const at = new Date(startMs + aheadMs).toISOString();
      const message = acme.sign({ ...order, purchasedAt: at }, startMs + aheadMs);
      const { status, headers, body } = await acme.post(message, fromAcme);
      expect([status, headers.get('retry-after')]).toEqual([503, '60']);
      expect(body).toMatchObject({ type: 'urn:onramp:problem:wrong_clock', title: 'A clock is wrong' });
      const { headers: pictureHeaders, ...answer } = await acme.picture(message);
      expect([answer, pictureHeaders.get('retry-after')]).toEqual([
        { status: 503, length: 0, picture: '' },
        '60',
      ]);
      expect([await acme.rows(), await acme.rejections()]).toEqual([[], []]);
      expect((await service.metrics.read()).text).toMatch(/onramp_unavailable_total [1-9]/);

      service.time.now += aheadMs;
      expect(await acme.post(message, fromAcme)).toMatchObject({ status: 201 });
      expect(await acme.rows()).toMatchObject([{ trust: 'signed', purchasedAt: at }]);
    },
  );

  test('ahead, but wrong, is refused', async ({ acme }) => {
    const message = acme.sign(order, startMs + dayMs);
    expect(await acme.post({ ...message, amount: '1' })).toMatchObject({ status: 401 });
  });

  test('of now over a time that lies ahead is no clock’s fault', async ({ acme }) => {
    const at = new Date(startMs + 2 * dayMs).toISOString();
    expect(await acme.post(acme.sign({ ...order, purchasedAt: at }))).toMatchObject({ status: 400 });
  });

  test.for(['', '..', 'kid', 'kid.1.', `kid.1e9.${'A'.repeat(43)}`, `.1.${'A'.repeat(43)}`, 'null'])(
    'of the form "%s" is no signature, and only an empty one is none',
    async (sig, { acme }) => {
      expect(await acme.post({ ...order, sig }, fromAcme)).toMatchObject({ status: sig ? 401 : 201 });
    },
  );

  test.for<[string, string]>([
    ['the partner key', 'pk_acme'],
    ['nothing', ''],
    ['the key id', 'keyid000'],
  ])('made with %s is refused', async ([_name, secret], { acme }) => {
    const key = secret.replace('pk_acme', acme.partnerKey);
    expect(await acme.post(acme.sign(order, startMs, { keyId: acme.keyId, secret: key }))).toMatchObject({
      status: 401,
    });
  });
});

describe('another provider’s secret', () => {
  test('signs nothing, even under the key id of the right one', async ({ acme, addProvider }) => {
    const other = await addProvider();
    expect(await acme.post(acme.sign(order, startMs, other))).toMatchObject({ status: 401 });
    const disguised = { keyId: acme.keyId, secret: other.secret };
    expect(await acme.post(acme.sign(order, startMs, disguised))).toMatchObject({ status: 401 });
    expect(await acme.rows()).toEqual([]);
  });

  test('proves nothing as bearer, for purchases, reports and reading', async ({
    acme,
    addProvider,
    service,
  }) => {
    const other = await addProvider();
    expect(await acme.post(order, bearer(other.secret))).toMatchObject({ status: 401 });
    const mixed = other.secret.replace(/^os_[a-z0-9]{8}/, `os_${acme.keyId}`);
    expect(await acme.post(order, bearer(mixed))).toMatchObject({ status: 401 });
    const report = { providerkey: acme.partnerKey, coid: 'cust-1', sku: 's', expired: false };
    const body = JSON.stringify(report);
    const headers = bearer(other.secret);
    const path = '/update-subscription/';
    expect(await service.send(path, { method: 'POST', headers, body })).toMatchObject({ status: 401 });
    await acme.post(order, bearer(acme.secret));
    expect(await other.rows()).toEqual([]);
    expect(await acme.rows()).toHaveLength(1);
  });
});

describe('a retired secret', () => {
  /** Resolves to the newest of the two that live. */
  async function retire({ store, time }: Service, { partnerKey }: Provider): Promise<string> {
    await store.addSecret(partnerKey, createSecret(startMs));
    const newest = createSecret(startMs);
    await store.addSecret(partnerKey, newest);
    time.now += 1_000;
    return newest.secret;
  }

  test('proves nothing as bearer from the moment on, and the new ones do', async ({ acme, service }) => {
    const newest = await retire(service, acme);
    expect(await acme.post(order, bearer(acme.secret))).toMatchObject({ status: 401 });
    expect(await acme.post(order, bearer(newest))).toMatchObject({ status: 201 });
  });

  test('verifies what it signed before for 9 days more, and nothing that it signs later', async ({
    acme,
    service,
  }) => {
    await retire(service, acme);
    const [before, after] = [
      acme.sign(order, startMs),
      acme.sign({ ...order, orderId: '2' }, startMs + 1_000),
    ];
    expect(await acme.post(after)).toMatchObject({
      status: 401,
      body: { type: 'urn:onramp:problem:wrong_signature', detail: expect.stringContaining('retired before') },
    });
    service.time.now = startMs + 9 * dayMs;
    expect(await acme.post(before)).toMatchObject({ status: 201 });
    service.time.now += 1_000;
    expect(await acme.post(before)).toMatchObject({ status: 401 });
  });

  test('may have signed, by a clock that is ahead, what is answered once it is right', async ({
    acme,
    service,
  }) => {
    await retire(service, acme);
    expect(await acme.post(acme.sign(order, startMs + hourMs))).toMatchObject({ status: 503 });
  });
});

describe('below the level that the provider demands', () => {
  test.for(['origin', 'signed', 'server'] as const)(
    '%s, nothing weaker gets in',
    async (minimumLevel, { addProvider, service }) => {
      const acme = await addProvider({ minimumLevel });
      const senders: Record<string, () => ReturnType<typeof service.post>> = {
        unsigned: () => acme.post(order),
        'unsigned, by a sub-domain': () => acme.post(order, { origin: 'https://x.acme.example' }),
        'unsigned, by another port': () => acme.post(order, { origin: 'https://acme.example:444' }),
        'unsigned, by http': () => acme.post(order, { origin: 'http://acme.example' }),
        'unsigned, by a longer host': () => acme.post(order, { origin: 'https://acme.example.evil.example' }),
        'unsigned, by another origin with the right referrer': () =>
          acme.post(order, { origin: 'https://evil.example', referer: 'https://acme.example/' }),
        origin: () => acme.post(order, fromAcme),
        signed: () => acme.post(acme.sign(order), fromAcme),
        server: () => acme.post(order, bearer(acme.secret)),
      };
      const levels = ['unsigned', 'origin', 'signed', 'server'];
      for (const [sender, post] of Object.entries(senders)) {
        const level = levels.indexOf(sender.replace(/,.*/, ''));
        const { status } = await post();
        expect({ sender, isTaken: status < 300 }).toEqual({
          sender,
          isTaken: level >= levels.indexOf(minimumLevel),
        });
      }
    },
  );

  test('a wrong secret is not made up for by the right origin or signature', async ({ acme }) => {
    const headers = { ...fromAcme, ...bearer(createSecret(startMs).secret) };
    expect(await acme.post(acme.sign(order), headers)).toMatchObject({ status: 401 });
    expect(await acme.rows()).toEqual([]);
  });
});
