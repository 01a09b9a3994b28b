import { describe, expect, test } from 'vitest';
import { createReplay } from '../../src/marketplace/tracking/replay.ts';
import { forgetCustomers } from './support/forget.ts';
import { bearer, fromAcme, purchase, signed } from './support/purchase.ts';
import { hourMs, type Service, startMs, startService } from './support/service.ts';

/** As the pixel sends it, which stamps the time itself. */
const signup = { ...purchase, event: 'signup', purchasedAt: startMs, clock: startMs };
const yearMs = 365 * 24 * hourMs;

async function startAcme(settings: Parameters<Service['addProvider']>[0] = {}) {
  const service = await startService();
  const keys = await service.addProvider(settings);
  const rows = (query = '') => service.list(`/api/SaasTrackings${query}`, keys.secret);
  return { service, keys, rows };
}

describe('a signup', () => {
  test('is one for a customer and a service for ever, and copies fill it', async () => {
    const { service, keys, rows } = await startAcme();
    const first = await service.post({ ...signup, referral: 'r1' }, fromAcme);
    expect(first).toMatchObject({ status: 201, body: { status: 'created' } });
    expect((await service.picture(signup)).headers.get('x-tracking-result')).toBe('duplicate');
    service.time.now += yearMs;
    const time = service.time.now;
    const copies = [
      { ...signup, purchasedAt: time, clock: time },
      { ...signup, purchasedAt: time, clock: '' },
      { ...signup, orderId: 'trial-2' },
    ];
    for (const copy of copies) {
      expect(await service.post(copy)).toMatchObject({ status: 200, body: { id: first.body.id } });
    }
    expect(await service.post({ ...signup, amount: '49' }, bearer(keys.secret))).toMatchObject({
      status: 200,
      body: { signup: { event: 'signup', trust: 'server', amount: '49', referral: 'r1' } },
    });
    expect(await rows()).toHaveLength(1);

    expect(await service.post({ ...signup, customerId: 'cust-2' })).toMatchObject({ status: 201 });
    expect(await service.post({ ...signup, serviceName: 'Acme Mail' })).toMatchObject({ status: 201 });
    expect(await rows('?event=signup')).toHaveLength(3);
  });

  test('is one where its copies come in the same moment', async () => {
    const { service, rows } = await startAcme();
    const copies = ['1', '2', '3', '4'].map((orderId) => service.post({ ...signup, orderId }));
    const statuses = (await Promise.all(copies)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 200, 200, 201]);
    expect(await rows()).toHaveLength(1);
  });

  test.each([
    ['before', ['signup', 'purchase']],
    ['after', ['purchase', 'signup']],
    ['before, in one moment with', ['signup', 'purchase', 'together']],
  ])('%s the purchase of the same day is another row', async (_name, [first, second, together]) => {
    const { service, rows } = await startAcme();
    const message = { ...signup, clock: startMs + 1 };
    const one = service.post({ ...message, event: first });
    if (together === undefined) await one;
    const answers = await Promise.all([one, service.post({ ...message, event: second })]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect((await rows()).map(({ event }) => event).sort()).toEqual(['purchase', 'signup']);
  });

  test('needs what a purchase needs', async () => {
    const { service, keys } = await startAcme();
    expect(await service.post({ partnerKey: 'pk_acme', event: 'signup' })).toMatchObject({
      status: 400,
      body: {
        errors: [
          { pointer: '/serviceName', code: 'required' },
          { pointer: '/customerId', code: 'required' },
          { pointer: '/purchasedAt', code: 'required' },
        ],
      },
    });
    expect(await service.list('/api/rejections', keys.secret)).toMatchObject([{ event: 'signup' }]);
  });

  test('with another amount is a conflict, unless it is believed more', async () => {
    const { service, keys } = await startAcme();
    await service.post({ ...signup, amount: '5' });
    expect(await service.post({ ...signup, amount: '6' })).toMatchObject({
      status: 409,
      body: { detail: expect.stringMatching(/^This signup is .* once/) },
    });
    const { status, body } = await service.post({ ...signup, amount: '6' }, bearer(keys.secret));
    expect([status, body]).toMatchObject([200, { signup: { amount: '6' } }]);
  });

  test('is forgotten with its customer, and refused from then on', async () => {
    const { service, rows } = await startAcme();
    await service.post(signup);
    expect(await forgetCustomers(service, signup.customerId)).toMatchObject({ purchases: 1 });
    expect(await service.post(signup)).toMatchObject({ status: 403 });
    expect(await rows()).toEqual([]);
  });

  test('goes with the retention', async () => {
    const { service, rows } = await startAcme();
    await service.post(signup);
    expect(await service.store.purgeTrackings(startMs + 1)).toBe(1);
    expect(await rows()).toEqual([]);
  });

  test('that was refused is one when it is replayed', async () => {
    const { service, rows } = await startAcme({ disabled: true });
    await service.post(signup, fromAcme);
    await service.store.changeProvider('pk_acme', { disabled: false });
    const [refused] = await service.store.listRejections({ limit: 1 });
    const createId = () => '01980000-0000-7000-8000-000000000001';
    const replay = createReplay({ store: service.store, createId });
    expect(refused && (await replay(refused))).toMatchObject({ result: 'created' });
    expect(await rows()).toMatchObject([{ event: 'signup', trust: 'origin' }]);
  });
});

describe('a signature beside a signup', () => {
  test('of the same purchase gives it no level', async () => {
    const { service, keys, rows } = await startAcme();
    const { sig } = signed({ ...purchase, purchasedAt: startMs, clock: startMs }, keys, startMs);
    expect((await service.post({ ...signup, sig }, fromAcme)).body).not.toHaveProperty('signup');
    expect(await rows()).toMatchObject([{ event: 'signup', trust: 'origin', copies: [{ trust: 'origin' }] }]);
  });

  test.each(['trust me', `k.1.${'m'.repeat(43)}`])('that is wrong (%s) refuses nothing', async (sig) => {
    const { service, rows } = await startAcme();
    expect(await service.post({ ...signup, sig })).toMatchObject({ status: 201 });
    expect(await rows()).toMatchObject([{ trust: 'unsigned' }]);
  });

  test('does not reach the level that the provider demands; the secret does', async () => {
    const { service, keys } = await startAcme({ minimumLevel: 'signed' });
    const { sig } = signed({ ...purchase, purchasedAt: startMs, clock: startMs }, keys, startMs);
    expect(await service.post({ ...signup, sig }, fromAcme)).toMatchObject({
      status: 403,
      body: { detail: expect.stringMatching(/level origin\. .*report signups with the secret/) },
    });
    expect(await service.post(signup, bearer(keys.secret))).toMatchObject({ status: 201 });
  });
});
