import { describe, expect } from 'vitest';
import { bearer, fromAcme, purchase, signed } from '../support/purchase.ts';
import { type Fields, hourMs, startMs } from '../support/service.ts';
import { test } from '../support/test.ts';

const order = { ...purchase, orderId: 'o-1', amount: '100', currency: 'EUR' };
const refund = { ...order, event: 'refund', amount: '10', purchasedAt: '2026-05-04T11:00:00.000Z' };
const later = { ...refund, amount: '30.50', purchasedAt: '2026-05-04T12:00:00.000Z' };

describe('a refund', () => {
  test.for([
    ['as they happened', [refund, later]],
    ['the last one first', [later, refund]],
    ['again and again', [later, refund, refund, later, refund]],
  ])('says the total of its order so far: %s', async ([, refunds], { acme }) => {
    await acme.post(order, bearer(acme.secret));
    for (const each of refunds as Fields[]) {
      expect([200, 201]).toContain((await acme.post(each, bearer(acme.secret))).status);
    }
    const [paid] = await acme.rows('?event=purchase');
    expect(paid).toMatchObject({ amount: '100', refunded: '30.50' });
    expect(paid).not.toHaveProperty('refundedCurrency');
    expect(await acme.rows('?event=refund')).toHaveLength(2);
  });

  test('of the same time as another one counts where it is the larger', async ({ acme }) => {
    for (const amount of ['9.9', '10', '9.99']) await acme.post({ ...refund, amount }, bearer(acme.secret));
    await acme.post(order);
    expect(await acme.rows('?event=purchase')).toMatchObject([{ refunded: '10' }]);
  });

  test('of the same time and size as one in another currency counts by its currency, whichever came first', async ({
    acme,
  }) => {
    for (const orderId of ['EUR USD', 'USD EUR']) {
      await acme.post({ ...order, orderId });
      for (const currency of orderId.split(' ')) {
        await acme.post({ ...refund, orderId, currency }, bearer(acme.secret));
      }
    }
    const rows = await acme.rows('?event=purchase');
    expect(rows.map(({ refunded, refundedCurrency }) => [refunded, refundedCurrency])).toEqual([
      ['10', 'USD'],
      ['10', 'USD'],
    ]);
  });

  test('is of the order, whatever customer it names; and of no other order', async ({ acme }) => {
    await acme.post({ ...order, customerId: '42' }, fromAcme);
    await acme.post({ ...order, orderId: 'o-2' }, fromAcme);
    await acme.post({ ...order, serviceName: 'Acme Mail' }, fromAcme);
    await acme.post({ ...refund, customerId: 'cus_9' }, bearer(acme.secret));
    const rows = await acme.rows('?event=purchase');
    expect(rows.map(({ serviceName, orderId, refunded }) => [serviceName, orderId, refunded])).toEqual([
      ['Acme Mail', 'o-1', undefined],
      ['Acme CRM', 'o-2', undefined],
      ['Acme CRM', 'o-1', '10'],
    ]);
  });

  test('in another currency than its order says which', async ({ acme }) => {
    await acme.post(order);
    await acme.post({ ...refund, currency: 'USD' }, bearer(acme.secret));
    expect(await acme.rows('?event=purchase')).toMatchObject([{ refunded: '10', refundedCurrency: 'USD' }]);
  });

  test('takes its order, its amount and its currency, and says so of each', async ({ acme }) => {
    const { orderId: _orderId, amount: _amount, ...without } = refund;
    expect(await acme.post({ ...without, currency: '€' }, bearer(acme.secret))).toMatchObject({
      status: 400,
      body: {
        errors: [
          { pointer: '/orderId', code: 'required' },
          { pointer: '/amount', code: 'required' },
          { pointer: '/currency', code: 'invalid' },
        ],
      },
    });
    expect(await acme.post({ ...refund, amount: '-10' }, bearer(acme.secret))).toMatchObject({ status: 400 });
  });
});

describe('a renewal', () => {
  const renewal = { ...order, event: 'renewal', orderId: 'o-2', purchasedAt: '2026-05-04T11:00:00.000Z' };

  test('stands beside the purchase, and is refunded by its own order', async ({ acme }) => {
    await acme.post(order, bearer(acme.secret));
    expect(await acme.post(renewal, bearer(acme.secret))).toMatchObject({
      status: 201,
      body: { renewal: { event: 'renewal', orderId: 'o-2' } },
    });
    expect(await acme.post(renewal, bearer(acme.secret))).toMatchObject({ status: 200 });
    await acme.post({ ...refund, orderId: 'o-2' }, bearer(acme.secret));
    const rows = await acme.rows('?event=purchase,renewal');
    expect(rows.map(({ event, refunded }) => [event, refunded])).toEqual([
      ['renewal', '10'],
      ['purchase', undefined],
    ]);
  });

  test('needs an order id of its own', async ({ acme }) => {
    expect(await acme.post({ ...renewal, orderId: ' ' }, bearer(acme.secret))).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/orderId', code: 'required' }] },
    });
  });
});

describe('renewals and refunds', () => {
  test.for(['renewal', 'refund'])('a %s counts with the secret only', async (event, { acme }) => {
    const message = { ...refund, event, partnerKey: acme.partnerKey };
    const withSignature = signed(message, acme, startMs);
    for (const [fields, headers] of [
      [message, {}],
      [message, fromAcme],
      [withSignature, fromAcme],
    ] as const) {
      expect(await acme.post(fields, headers)).toMatchObject({
        status: 403,
        body: { detail: expect.stringContaining('from your server') },
      });
    }
    expect((await acme.picture(message)).headers.get('x-tracking-result')).toBe(
      'rejected; reason=secret_required',
    );
    expect(await acme.rows()).toEqual([]);
    expect(new Set((await acme.rejections()).map(({ reason }) => reason))).toEqual(
      new Set(['secret_required']),
    );
  });
});

describe('one signature', () => {
  test('is one purchase, with whatever clock it comes', async ({ acme, service }) => {
    const { partnerKey } = acme;
    const stamped = {
      ...purchase,
      partnerKey,
      amount: '5',
      currency: 'EUR',
      purchasedAt: startMs,
      clock: startMs,
    };
    const { sig } = signed(stamped, acme, startMs);
    const first = await acme.post({ ...stamped, sig });
    expect(first.status).toBe(201);
    for (let days = 1; days < 9; days++) {
      service.time.now = startMs + days * 24 * hourMs;
      for (const [purchasedAt, clock] of [
        [service.time.now, service.time.now],
        [startMs, service.time.now],
        [startMs - 40 * 24 * hourMs, startMs],
      ]) {
        expect(await acme.post({ ...stamped, purchasedAt, clock, sig })).toMatchObject({
          status: 200,
          body: { id: first.body.id },
        });
      }
    }
    const [row, ...others] = await acme.rows();
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      purchasedAt: new Date(Math.floor(startMs / 1000) * 1000).toISOString(),
      levels: { purchasedAt: 'signed', amount: 'signed' },
    });
  });
});

describe('what was left out of a message', () => {
  test('is kept as it was sent, and shown beside the row', async ({ acme }) => {
    const sent = { ...order, amount: '49,90 €', currency: '€', landedAt: 'yesterday', page: 'x'.repeat(300) };
    expect((await acme.post(sent)).body.ignored).toEqual(['amount', 'currency', 'landedAt', 'page']);
    const ignored = { amount: '49,90 €', currency: '€', landedAt: 'yesterday', page: 'x'.repeat(100) };
    expect(await acme.rows()).toMatchObject([{ ignored, copies: [{ ignored }] }]);
    // Of a copy as well.
    await acme.post(
      { ...order, amount: '49.90', currency: 'EUR', referralSource: 'guess' },
      bearer(acme.secret),
    );
    expect(await acme.rows()).toMatchObject([
      { amount: '49.90', ignored: { amount: '49,90 €', referralSource: 'guess' } },
    ]);
  });

  test('is no place for a secret', async ({ acme }) => {
    const { secret } = acme;
    await acme.post({ ...order, amount: secret, currency: { secret }, page: `no page ${secret}` });
    expect(JSON.stringify(await acme.rows())).not.toContain(secret);
  });

  test('a negative amount is one of them, and no further purchase', async ({ acme }) => {
    await acme.post(order);
    expect(await acme.post({ ...order, amount: '-100' })).toMatchObject({
      status: 200,
      body: { ignored: ['amount'] },
    });
    expect(await acme.rows()).toMatchObject([{ amount: '100', ignored: { amount: '-100' } }]);
  });
});
