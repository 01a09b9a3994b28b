import { describe, expect, test } from 'vitest';
import { createSecret } from '../../src/marketplace/providers/secret.ts';
import { bearer, fromAcme, purchase, signed } from './support/purchase.ts';
import { type Fields, hourMs, startMs, startService } from './support/service.ts';

const order = { ...purchase, orderId: 'A-1001', amount: '49.9', currency: 'EUR' };
const dayMs = 24 * hourMs;

async function startWithProvider() {
  const service = await startService();
  const keys = await service.addProvider();
  const rows = () => service.list('/api/SaasTrackings', keys.secret);
  return { service, keys, rows };
}

describe('whoever guesses an order id first', () => {
  test.each<[string, Record<string, string>]>([
    ['anyone', {}],
    ['another site', { origin: 'https://evil.example' }],
    ['a program that names the page', fromAcme],
  ])('%s can spoil nothing that the provider says later', async (_name, forger) => {
    const { service, keys, rows } = await startWithProvider();
    const forged = { amount: '0.01', currency: 'USD', referral: 'forged', purchasedAt: '2026-05-01' };
    await service.post({ ...order, ...forged, page: 'https://evil.example/' }, forger);
    const right = { referral: 'right', page: 'https://acme.example/thanks' };
    expect(await service.post({ ...order, ...right }, bearer(keys.secret))).toMatchObject({ status: 200 });
    expect(await rows()).toMatchObject([{ ...order, ...right, trust: 'server' }]);
  });

  test.each<[string, Record<string, string>]>([
    ['anyone', {}],
    ['a program that names the page', fromAcme],
  ])('or later: %s changes nothing of it', async (_name, forger) => {
    const { service, keys, rows } = await startWithProvider();
    await service.post({ ...order, referral: 'right' }, bearer(keys.secret));
    const before = await rows();
    expect(await service.post({ ...order, amount: '0.01' }, forger)).toMatchObject({ status: 409 });
    expect(await service.post({ ...order, currency: 'USD' }, forger)).toMatchObject({ status: 409 });
    const altered = { referral: 'forged', purchasedAt: '2026-05-01' };
    expect(await service.post({ ...order, ...altered }, forger)).toMatchObject({ status: 200 });
    const [row] = await rows();
    const { copies: _copies, ...said } = row ?? {};
    expect(before).toMatchObject([said]);
  });

  test('anyone learns nothing of the row that there is', async () => {
    const { service, keys } = await startWithProvider();
    await service.post(order, bearer(keys.secret));
    for (const forger of [{}, fromAcme]) {
      const { body } = await service.post({ ...order, amount: undefined, currency: undefined }, forger);
      expect(Object.keys(body).sort()).toEqual(['id', 'status']);
    }
    const { body } = await service.post({ ...order, amount: '1' });
    expect(JSON.stringify(body)).not.toContain('49.9');
  });
});

describe('a signature', () => {
  test.each<[string, Fields]>([
    ['service', { serviceName: 'Acme Mail' }],
    ['customer', { customerId: 'cust-2' }],
    ['order id', { orderId: 'A-1002' }],
    ['no order id', { orderId: undefined }],
    ['time', { purchasedAt: '2026-05-04T10:00:00.001Z' }],
    ['amount', { amount: '0.01' }],
    ['no amount', { amount: undefined }],
    ['currency', { currency: 'USD' }],
    ['clock, which would put the time in the browser’s hands', { clock: startMs }],
  ])('replayed with another %s is refused, and not taken as none', async (_name, altered) => {
    const { service, keys, rows } = await startWithProvider();
    const message = signed(order, keys, startMs);
    for (const headers of [{}, fromAcme]) {
      expect(await service.post({ ...message, ...altered }, headers)).toMatchObject({
        status: 401,
        body: { type: 'urn:onramp:problem:wrong_signature' },
      });
    }
    expect(await service.picture({ ...message, ...altered })).toMatchObject({ status: 401, picture: '1x3' });
    expect(await rows()).toEqual([]);
  });

  test('moved between fields is refused', async () => {
    const { service, keys, rows } = await startWithProvider();
    const { sig } = signed({ ...purchase, serviceName: 'Acme', customerId: 'CRM 1' }, keys, startMs);
    const moved = { ...purchase, serviceName: 'Acme CRM', customerId: '1', sig };
    expect(await service.post(moved)).toMatchObject({ status: 401 });
    expect(await rows()).toEqual([]);
  });

  test('replayed as it is, is the same purchase', async () => {
    const { service, keys, rows } = await startWithProvider();
    const message = signed(order, keys, startMs);
    for (let copy = 0; copy < 5; copy++) await service.post(message);
    expect(await rows()).toHaveLength(1);
  });

  test('lends nothing to what it does not cover', async () => {
    const { service, keys, rows } = await startWithProvider();
    await service.post({ ...order, referral: 'right', page: 'https://acme.example/' }, fromAcme);
    const stolen = { ...signed(order, keys, startMs), referral: 'forged', page: 'https://evil.example/' };
    expect(await service.post(stolen)).toMatchObject({ status: 200 });
    expect(await rows()).toMatchObject([
      { trust: 'signed', referral: 'right', page: 'https://acme.example/' },
    ]);
  });

  test('of a visit proves nothing', async () => {
    const { service, keys, rows } = await startWithProvider();
    const visit = { partnerKey: 'pk_acme', event: 'visit', referral: 'r1', landedAt: startMs };
    await service.post({ ...visit, sig: signed(order, keys, startMs).sig });
    expect(await rows()).toMatchObject([{ event: 'visit', trust: 'unsigned' }]);
  });

  test.each([
    ['9 days old', -9 * dayMs, 201],
    ['a second more than 9 days old', -9 * dayMs - 1_000, 401],
    ['5 minutes ahead', 300_000, 201],
    ['a second more than 5 minutes ahead', 301_000, 401],
    ['in milliseconds', startMs * 999, 401],
  ])('%s: %i ms from now is answered %i', async (_name, offsetMs, status) => {
    const { service, keys } = await startWithProvider();
    expect(await service.post(signed(order, keys, startMs + offsetMs))).toMatchObject({ status });
  });

  test.each(['', '..', 'kid', 'kid.1.', `kid.1e9.${'A'.repeat(43)}`, `.1.${'A'.repeat(43)}`, 'null'])(
    'of the form "%s" is no signature, and only an empty one is none',
    async (sig) => {
      const { service } = await startWithProvider();
      expect(await service.post({ ...order, sig }, fromAcme)).toMatchObject({ status: sig ? 401 : 201 });
    },
  );

  test.each([
    ['the partner key', 'pk_acme'],
    ['nothing', ''],
    ['the key id', 'keyid000'],
  ])('made with %s is refused', async (_name, secret) => {
    const { service, keys } = await startWithProvider();
    const forged = signed(order, { keyId: keys.keyId, secret }, startMs);
    expect(await service.post(forged)).toMatchObject({ status: 401 });
  });
});

describe('another provider’s secret', () => {
  test('signs nothing, even under the key id of the right one', async () => {
    const { service, keys, rows } = await startWithProvider();
    const other = await service.addProvider({ partnerKey: 'pk_other' });
    expect(await service.post(signed(order, other, startMs))).toMatchObject({ status: 401 });
    const disguised = { keyId: keys.keyId, secret: other.secret };
    expect(await service.post(signed(order, disguised, startMs))).toMatchObject({ status: 401 });
    expect(await rows()).toEqual([]);
  });

  test('proves nothing as bearer, for purchases, reports and reading', async () => {
    const { service, keys, rows } = await startWithProvider();
    const other = await service.addProvider({ partnerKey: 'pk_other' });
    expect(await service.post(order, bearer(other.secret))).toMatchObject({ status: 401 });
    const mixed = other.secret.replace(/^os_[a-z0-9]{8}/, `os_${keys.keyId}`);
    expect(await service.post(order, bearer(mixed))).toMatchObject({ status: 401 });
    const report = { providerkey: 'pk_acme', coid: 'cust-1', sku: 's', expired: false };
    const body = JSON.stringify(report);
    const headers = bearer(other.secret);
    const path = '/update-subscription/';
    expect(await service.send(path, { method: 'POST', headers, body })).toMatchObject({ status: 401 });
    await service.post(order, bearer(keys.secret));
    expect(await service.list('/api/SaasTrackings', other.secret)).toEqual([]);
    expect(await rows()).toHaveLength(1);
  });
});

describe('a retired secret', () => {
  async function startRetired() {
    const { service, keys, rows } = await startWithProvider();
    await service.store.addSecret('pk_acme', createSecret(startMs));
    const newest = createSecret(startMs);
    await service.store.addSecret('pk_acme', newest);
    service.time.now += 1_000;
    return { service, keys, rows, newest: newest.secret };
  }

  test('proves nothing as bearer from the moment on, and the new ones do', async () => {
    const { service, keys, newest } = await startRetired();
    expect(await service.post(order, bearer(keys.secret))).toMatchObject({ status: 401 });
    expect(await service.post(order, bearer(newest))).toMatchObject({ status: 201 });
  });

  test('verifies signatures for 9 days more', async () => {
    const { service, keys } = await startRetired();
    service.time.now = startMs + 9 * dayMs;
    expect(await service.post(signed(order, keys, service.time.now))).toMatchObject({ status: 201 });
    service.time.now += 1_000;
    const late = signed({ ...order, orderId: '2' }, keys, service.time.now);
    expect(await service.post(late)).toMatchObject({ status: 401 });
  });
});

describe('below the level that the provider demands', () => {
  test.each(['origin', 'signed', 'server'] as const)('%s, nothing weaker gets in', async (minimumLevel) => {
    const service = await startService();
    const keys = await service.addProvider({ minimumLevel });
    const senders: Record<string, () => ReturnType<typeof service.post>> = {
      unsigned: () => service.post(order),
      'unsigned, by a sub-domain': () => service.post(order, { origin: 'https://x.acme.example' }),
      'unsigned, by another port': () => service.post(order, { origin: 'https://acme.example:444' }),
      'unsigned, by http': () => service.post(order, { origin: 'http://acme.example' }),
      'unsigned, by a longer host': () =>
        service.post(order, { origin: 'https://acme.example.evil.example' }),
      'unsigned, by another origin with the right referrer': () =>
        service.post(order, { origin: 'https://evil.example', referer: 'https://acme.example/' }),
      origin: () => service.post(order, fromAcme),
      signed: () => service.post(signed(order, keys, startMs), fromAcme),
      server: () => service.post(order, bearer(keys.secret)),
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
  });

  test('a wrong secret is not made up for by the right origin or signature', async () => {
    const { service, keys, rows } = await startWithProvider();
    const headers = { ...fromAcme, ...bearer(createSecret(startMs).secret) };
    expect(await service.post(signed(order, keys, startMs), headers)).toMatchObject({ status: 401 });
    expect(await rows()).toEqual([]);
  });
});
