import { describe, expect } from 'vitest';
import { createReplay } from '../../../src/marketplace/tracking/replay.ts';
import { forgetCustomers } from '../support/forget.ts';
import { bearer, fromAcme, purchase } from '../support/purchase.ts';
import { hourMs, startMs, startService } from '../support/service.ts';
import { test } from '../support/test.ts';

/** As the pixel sends it, which stamps the time itself. */
const signup = { ...purchase, event: 'signup', purchasedAt: startMs, clock: startMs };
const yearMs = 365 * 24 * hourMs;

describe('a signup', () => {
  test('is one for a customer and a service for ever, and copies fill it', async ({ acme, service }) => {
    const first = await acme.post({ ...signup, referral: 'r1' }, fromAcme);
    expect(first).toMatchObject({ status: 201, body: { status: 'created' } });
    expect((await acme.picture(signup)).headers.get('x-tracking-result')).toBe('duplicate');
    service.time.now += yearMs;
    const time = service.time.now;
    const copies = [
      { ...signup, purchasedAt: time, clock: time },
      { ...signup, purchasedAt: time, clock: '' },
      { ...signup, orderId: 'trial-2' },
    ];
    for (const copy of copies) {
      expect(await acme.post(copy)).toMatchObject({ status: 200, body: { id: first.body.id } });
    }
    expect(await acme.post({ ...signup, amount: '49' }, bearer(acme.secret))).toMatchObject({
      status: 200,
      body: { signup: { event: 'signup', trust: 'server', amount: '49', referral: 'r1' } },
    });
    expect(await acme.rows()).toHaveLength(1);

    expect(await acme.post({ ...signup, customerId: 'cust-2' })).toMatchObject({ status: 201 });
    expect(await acme.post({ ...signup, serviceName: 'Acme Mail' })).toMatchObject({ status: 201 });
    expect(await acme.rows('?event=signup')).toHaveLength(3);
  });

  test('has the order that the strongest copy names, and no more belief in it than in that copy', async ({
    acme,
  }) => {
    await acme.post({ ...signup, orderId: 'guessed\u0301' });
    await acme.post(signup, bearer(acme.secret));
    const guessed = { orderId: 'guessed\u0301', levels: { customerId: 'server', orderId: 'unsigned' } };
    expect(await acme.rows()).toMatchObject([{ ...guessed, trust: 'server' }]);
    await acme.post({ ...signup, orderId: 'trial-1' }, fromAcme);
    await acme.post({ ...signup, orderId: 'guessed' });
    expect(await acme.rows()).toMatchObject([{ orderId: 'trial-1', levels: { orderId: 'origin' } }]);
    expect(await acme.rows('?orderId=trial-1')).toHaveLength(1);
    expect(await acme.rows('?orderId=guesse%CC%81d')).toEqual([]);
  });

  test('is one where its copies come in the same moment', async ({ acme }) => {
    const copies = ['1', '2', '3', '4'].map((orderId) => acme.post({ ...signup, orderId }));
    const statuses = (await Promise.all(copies)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 200, 200, 201]);
    expect(await acme.rows()).toHaveLength(1);
  });

  test.for<[string, string[]]>([
    ['before', ['signup', 'purchase']],
    ['after', ['purchase', 'signup']],
    ['before, in one moment with', ['signup', 'purchase', 'together']],
  ])(
    '%s the purchase of the same day is another row',
    async ([_name, [first, second, together]], { acme }) => {
      const message = { ...signup, clock: startMs + 1 };
      const one = acme.post({ ...message, event: first });
      if (together === undefined) await one;
      const answers = await Promise.all([one, acme.post({ ...message, event: second })]);
      expect(answers.map(({ status }) => status)).toEqual([201, 201]);
      expect((await acme.rows()).map(({ event }) => event).sort()).toEqual(['purchase', 'signup']);
    },
  );

  test('needs what a purchase needs', async ({ acme }) => {
    expect(await acme.post({ partnerKey: 'pk_acme', event: 'signup' })).toMatchObject({
      status: 400,
      body: {
        errors: [
          { pointer: '/serviceName', code: 'required' },
          { pointer: '/customerId', code: 'required' },
          { pointer: '/purchasedAt', code: 'required' },
        ],
      },
    });
    expect(await acme.rejections()).toMatchObject([{ event: 'signup' }]);
  });

  test('with another amount is a conflict, unless it is believed more', async ({ acme }) => {
    await acme.post({ ...signup, amount: '5' });
    expect(await acme.post({ ...signup, amount: '6' })).toMatchObject({
      status: 409,
      body: { detail: expect.stringMatching(/^This signup is .* once/) },
    });
    const { status, body } = await acme.post({ ...signup, amount: '6' }, bearer(acme.secret));
    expect([status, body]).toMatchObject([200, { signup: { amount: '6' } }]);
  });

  test('is forgotten with its customer, and refused from then on', async () => {
    const service = await startService();
    const acme = await service.addProvider();
    await acme.post(signup);
    expect(await forgetCustomers(service, 'pk_acme', signup.customerId)).toMatchObject({ purchases: 1 });
    expect(await acme.post(signup)).toMatchObject({ status: 403 });
    expect(await acme.rows()).toEqual([]);
  });

  test('goes with the retention', async () => {
    const service = await startService();
    const acme = await service.addProvider();
    await acme.post(signup);
    expect(await service.store.purge('purchases', startMs + 1)).toBe(1);
    expect(await acme.rows()).toEqual([]);
  });

  test('that was refused is one when it is replayed', async ({ addProvider, service }) => {
    const acme = await addProvider({ disabled: true });
    await acme.post(signup, fromAcme);
    await service.store.changeProvider(acme.partnerKey, { disabled: false });
    const [refused] = await service.store.listRejections({ limit: 1, partnerKey: acme.partnerKey });
    const createId = () => '01980000-0000-7000-8000-000000000001';
    const replay = createReplay({ store: service.store, createId, clock: () => service.time.now });
    expect(refused && (await replay(refused))).toMatchObject({ result: 'created' });
    expect(await acme.rows()).toMatchObject([{ event: 'signup', trust: 'origin' }]);
  });
});

describe('a signature beside a signup', () => {
  test('of the same purchase gives it no level', async ({ acme }) => {
    const { sig } = acme.sign({ ...purchase, purchasedAt: startMs, clock: startMs });
    expect((await acme.post({ ...signup, sig }, fromAcme)).body).not.toHaveProperty('signup');
    expect(await acme.rows()).toMatchObject([
      { event: 'signup', trust: 'origin', copies: [{ trust: 'origin' }] },
    ]);
  });

  test.for(['trust me', `k.1.${'m'.repeat(43)}`])(
    'that is wrong (%s) refuses nothing',
    async (sig, { acme }) => {
      expect(await acme.post({ ...signup, sig })).toMatchObject({ status: 201 });
      expect(await acme.rows()).toMatchObject([{ trust: 'unsigned' }]);
    },
  );

  test('does not reach the level that the provider demands; the secret does', async ({ addProvider }) => {
    const acme = await addProvider({ minimumLevel: 'signed' });
    const { sig } = acme.sign({ ...purchase, purchasedAt: startMs, clock: startMs });
    expect(await acme.post({ ...signup, sig }, fromAcme)).toMatchObject({
      status: 403,
      body: { detail: expect.stringMatching(/level origin\. .*report signups with the secret/) },
    });
    expect(await acme.post(signup, bearer(acme.secret))).toMatchObject({ status: 201 });
  });
});
