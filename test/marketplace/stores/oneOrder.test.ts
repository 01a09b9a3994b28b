import { describe, expect } from 'vitest';
import { bearer, fromAcme, purchase, signed } from '../support/purchase.ts';
import { startMs } from '../support/service.ts';
import { test } from '../support/test.ts';

const order = { ...purchase, orderId: 'o-1', amount: '49.90', currency: 'EUR' };
const byPage = { ...order, customerId: '42', purchasedAt: startMs, clock: startMs, referral: 'r-1' };
const byWebhook = { ...order, customerId: 'cus_9' };

describe('an order that the provider itself has named', () => {
  test.for([
    ['after', ['page', 'webhook']],
    ['before', ['webhook', 'page']],
  ] as const)(
    'is one with what the page said %s it, of the customer of its word',
    async ([, ways], { acme }) => {
      for (const way of ways) {
        const { status } =
          way === 'page'
            ? await acme.post(byPage, fromAcme)
            : await acme.post(byWebhook, bearer(acme.secret));
        expect(status).toBe(way === ways[0] ? 201 : 200);
      }
      expect(await acme.rows()).toMatchObject([
        {
          customerId: 'cus_9',
          trust: 'server',
          amount: '49.90',
          referral: 'r-1',
          levels: { customerId: 'server', orderId: 'server', amount: 'server', referral: 'origin' },
        },
      ]);
      // Whatever comes later of either is a copy of it.
      for (const copy of [byPage, byWebhook, { ...byPage, customerId: '43' }]) {
        expect(await acme.post(copy)).toMatchObject({ status: 200 });
      }
      expect(await acme.rows()).toHaveLength(1);
    },
  );

  test('is one with all customers that the pages have named', async ({ acme }) => {
    const ids = [];
    for (const customerId of ['1', '2', '3']) {
      const { status, body } = await acme.post({ ...byPage, customerId, referral: `r-${customerId}` });
      expect(status).toBe(201);
      ids.push(body.id);
    }
    const rows = await acme.rows();
    expect(rows).toHaveLength(3);
    for (const row of rows) expect(row).toMatchObject({ disputed: true });
    expect(await acme.post(byWebhook, bearer(acme.secret))).toMatchObject({
      status: 200,
      body: { id: ids[0], purchase: { customerId: 'cus_9', referral: 'r-1' } },
    });
    const [row, ...others] = await acme.rows();
    expect(others).toEqual([]);
    expect(row).not.toHaveProperty('disputed');
  });

  test('is one where all its copies come in the same moment', async ({ acme }) => {
    const copies = ['1', '2', '3', '4', '5', '6'].map((customerId, index) =>
      acme.post({ ...byPage, customerId }, index === 3 ? bearer(acme.secret) : fromAcme),
    );
    const statuses = (await Promise.all(copies)).map(({ status }) => status);
    expect(statuses.every((status) => status === 200 || status === 201)).toBe(true);
    expect(await acme.rows()).toMatchObject([{ customerId: '4', trust: 'server' }]);
  });

  test('is named by a signature as well, and by the secret for good', async ({ acme }) => {
    await acme.post({ ...byPage, customerId: 'somebody' });
    const { partnerKey } = acme;
    const bySignature = signed({ ...order, partnerKey, amount: '49.9', customerId: 'signed' }, acme, startMs);
    expect(await acme.post(bySignature)).toMatchObject({
      status: 200,
      body: { purchase: { customerId: 'signed' } },
    });
    await acme.post(byWebhook, bearer(acme.secret));
    await acme.post(bySignature);
    expect(await acme.rows()).toMatchObject([{ customerId: 'cus_9', trust: 'server' }]);
  });

  test.for([
    ['after', ['page', 'webhook']],
    ['before', ['webhook', 'page']],
  ] as const)('keeps nothing of how a page spelled another customer %s it', async ([, ways], { acme }) => {
    const spelled = { ...byPage, customerId: 'Jose\u0301', serviceName: 'Acme\u212b', orderId: 'o\u0301' };
    for (const way of ways) {
      if (way === 'page') await acme.post(spelled);
      else await acme.post({ ...spelled, customerId: 'cus_9' }, bearer(acme.secret));
    }
    const [row] = await acme.rows();
    expect(row).toMatchObject({ customerId: 'cus_9', serviceName: 'Acme\u212b', orderId: 'o\u0301' });
    expect(JSON.stringify(row)).not.toContain('Jose');
  });

  test('is another one for another service', async ({ acme }) => {
    await acme.post(byPage);
    await acme.post({ ...byWebhook, serviceName: 'Acme Mail' }, bearer(acme.secret));
    expect(await acme.rows()).toHaveLength(2);
  });

  test('of which a page wrote another amount, tells the page so and keeps the rest of its word', async ({
    acme,
  }) => {
    await acme.post(byWebhook, bearer(acme.secret));
    expect(await acme.post({ ...byPage, amount: '1' })).toMatchObject({ status: 409 });
    expect(await acme.rows()).toMatchObject([{ amount: '49.90', referral: 'r-1' }]);
    expect(await acme.rejections()).toMatchObject([{ reason: 'conflict', amount: '1' }]);
  });

  test('is a purchase or a renewal, as the provider says, and counts once', async ({ acme }) => {
    await acme.post(byPage, fromAcme);
    const renewal = { ...byWebhook, event: 'renewal' };
    expect(await acme.post(renewal, bearer(acme.secret))).toMatchObject({ status: 200 });
    await acme.post(byPage, fromAcme);
    expect(await acme.rows()).toMatchObject([{ event: 'renewal', customerId: 'cus_9' }]);
    // Where the provider says both, it is the first payment.
    await acme.post(byWebhook, bearer(acme.secret));
    await acme.post(renewal, bearer(acme.secret));
    expect(await acme.rows()).toMatchObject([{ event: 'purchase' }]);
  });
});

describe('an order that only pages have named', () => {
  test('is disputed while they disagree on its customer, and only then', async ({ acme }) => {
    await acme.post(byPage);
    expect((await acme.rows())[0]).not.toHaveProperty('disputed');
    await acme.post({ ...byPage, customerId: '43' }, fromAcme);
    await acme.post({ ...byPage, customerId: '44', orderId: 'o-2' }, fromAcme);
    expect((await acme.rows()).map(({ customerId, disputed }) => [customerId, disputed])).toEqual([
      ['44', undefined],
      ['43', true],
      ['42', true],
    ]);
  });

  test('has more customers than become one at once, and is one with the copies that follow', async ({
    acme,
  }) => {
    const customers = Array.from({ length: 150 }, (_, index) => `customer ${index}`);
    await Promise.all(customers.map((customerId) => acme.post({ ...byPage, customerId })));
    expect(await acme.rows('?limit=1000')).toHaveLength(150);
    for (let copies = 0; copies < 3; copies++) await acme.post(byWebhook, bearer(acme.secret));
    expect(await acme.rows()).toMatchObject([{ customerId: 'cus_9' }]);
  });
});

describe('names and ids are compared as they read', () => {
  const composed = { ...byPage, customerId: 'Jos\u00e9', serviceName: 'Caf\u00e9', orderId: 'No\u00ebl-1' };
  const decomposed = {
    ...byPage,
    customerId: 'Jose\u0301',
    serviceName: 'Cafe\u0301',
    orderId: 'Noe\u0308l-1',
  };

  test('however they were composed, and shown as they were sent', async ({ acme }) => {
    await acme.post(decomposed);
    expect(await acme.post(composed)).toMatchObject({ status: 200 });
    const { customerId, serviceName, orderId } = decomposed;
    expect(await acme.rows()).toMatchObject([{ customerId, serviceName, orderId }]);
    for (const name of [composed, decomposed]) {
      const query = new URLSearchParams({ customerId: name.customerId, orderId: name.orderId });
      expect(await acme.rows(`?${query}`)).toHaveLength(1);
    }
    // A stronger copy's spelling is the one that is shown.
    await acme.post(composed, bearer(acme.secret));
    expect(await acme.rows()).toMatchObject([{ customerId: composed.customerId }]);
  });

  test('a signature covers them as they were sent', async ({ acme }) => {
    const { partnerKey } = acme;
    const sent = {
      ...decomposed,
      partnerKey,
      amount: '49.9',
      clock: undefined,
      purchasedAt: purchase.purchasedAt,
    };
    expect(await acme.post(signed(sent, acme, startMs))).toMatchObject({ status: 201 });
  });

  test('and one that is too long in that form is refused, not the database', async ({ acme }) => {
    // Each becomes three code points (https://unicode.org/charts/PDF/U1D100.pdf).
    const note = '\u{1D160}';
    expect(await acme.post({ ...byPage, customerId: note.repeat(66) })).toMatchObject({ status: 201 });
    expect(await acme.post({ ...byPage, customerId: note.repeat(67) })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/customerId', code: 'too_long' }] },
    });
  });
});
