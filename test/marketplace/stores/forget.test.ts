import { randomUUID } from 'node:crypto';
import { describe, expect, inject } from 'vitest';
import { createReplay } from '../../../src/marketplace/tracking/replay.ts';
import { createDatabase, queryDatabase, readDatabase } from '../support/database.ts';
import { forgetCustomers } from '../support/forget.ts';
import { bearer, fromAcme, purchase } from '../support/purchase.ts';
import { type Fields, type Provider, type Service, startMs, startService } from '../support/service.ts';
import { postReport, usage } from '../support/subscription.ts';
import { test } from '../support/test.ts';

const customerId = 'cust-to-forget-7f3a';
const bought = { ...purchase, customerId };

async function startWithOrders(coids: readonly string[]) {
  const service = await startService();
  const keys = await service.addProvider();
  const provider = await service.store.findProvider('pk_acme');
  for (const [index, coid] of coids.entries()) {
    const id = `01970000-0000-7000-8000-00000000000${index}`;
    await service.store.createOrder({
      id,
      token: `token-${index}`,
      providerId: provider?.id ?? 0,
      fields: { name: 'Ada Lovelace', username: coid },
      fingerprint: new Uint8Array(16),
      hasPassword: false,
      createdAt: startMs,
    });
    const order = { id, providerId: provider?.id ?? 0 };
    const attempt = { order, startedAt: startMs, latest: startMs, leaseUntil: startMs + 1 };
    await service.store.changeProvider('pk_acme', { provisionUrl: 'https://acme.example/p' });
    const number = await service.store.beginAttempt(attempt);
    await service.store.endAttempt({
      order,
      number: number ?? 0,
      endedAt: startMs,
      outcome: 'created',
      reason: `made ${coid}`,
      change: { status: 'succeeded', coid },
    });
  }
  return { service, keys };
}

/** Fills pages of the tables with purchases of somebody else. */
async function buyMany(service: Service, count: number): Promise<void> {
  const orderIds = Array.from({ length: count }, () => randomUUID());
  await Promise.all(orderIds.map((orderId) => service.post({ ...purchase, orderId })));
}

/** Everything that may be there of one customer. */
async function leaveTraces(service: Service, secret: string, id: string): Promise<void> {
  const own = { ...purchase, customerId: id };
  await service.post({ ...own, orderId: `${id}-1`, page: `https://acme.example/u/${id}` }, fromAcme);
  await service.post({ ...own, orderId: `${id}-1`, amount: 5 }, bearer(secret));
  await service.picture(own);
  await service.post({ ...own, event: 'x' });
  await service.post({ ...own, serviceName: '' }, bearer('wrong'));
  await service.post({ ...own, partnerKey: 'pk_nobody' });
  await service.post({ partnerKey: 'pk_acme', orderId: `order of ${id}` });
  await service.postRaw(`{"customerId":"${id}"`);
  const report = { ...usage, coid: id, providerkey: secret };
  await postReport(service, report, { 'idempotency-key': `${id} 2026-05` });
  await postReport(service, { ...report, count: 130 });
}

describe('a customer who is forgotten', () => {
  test('is gone from the tables, the free pages and the log, and nobody else is', async () => {
    const { service, keys } = await startWithOrders([customerId, 'cust-stays-9b1c']);
    const other = await service.addProvider({ partnerKey: 'pk_other' });
    await buyMany(service, 150);
    await leaveTraces(service, keys.secret, customerId);
    await leaveTraces(service, keys.secret, 'cust-stays-9b1c');
    await buyMany(service, 150);
    expect((await readDatabase(service.database)).includes(customerId)).toBe(true);
    // As PostgreSQL does by itself, and SQLite never does.
    if (inject('postgres')) await queryDatabase(service.database, 'analyze');

    expect(await forgetCustomers(service, 'pk_acme', customerId)).toEqual({
      purchases: 2,
      subscriptions: 1,
      reports: 2,
      idempotencyKeys: 1,
      orders: 1,
      rejections: 5,
    });
    const bytes = await readDatabase(service.database);
    expect(bytes.includes(customerId)).toBe(false);
    expect(bytes.includes('cust-stays-9b1c')).toBe(true);

    expect(await service.list('/api/SaasTrackings?limit=1000', keys.secret)).toHaveLength(302);
    expect(await service.list('/api/subscriptions', keys.secret)).toMatchObject([
      { coid: 'cust-stays-9b1c' },
    ]);
    expect(await service.list('/api/subscriptions/reports', keys.secret)).toHaveLength(2);
    expect(await service.list('/api/orders', keys.secret)).toMatchObject([{ coid: 'cust-stays-9b1c' }]);
    expect(await service.store.listRejections({ limit: 99 })).toHaveLength(5);
    expect(await service.list('/api/SaasTrackings', other.secret)).toEqual([]);
  });

  test('of one provider stays another provider’s customer', async ({ service, acme, addProvider }) => {
    const other = await addProvider();
    await other.post(bought);
    await other.post({ ...bought, event: 'x' });
    const erased = await forgetCustomers(service, acme.partnerKey, customerId);
    expect(erased).toMatchObject({ purchases: 0, rejections: 0 });
    expect(await other.post({ ...bought, orderId: '2' })).toMatchObject({ status: 201 });
    expect(await other.rows()).toHaveLength(2);
    expect(await other.rejections()).toHaveLength(1);
  });

  test('takes no other with a longer id along', async ({ service, acme }) => {
    await acme.post({ ...purchase, customerId: '42' });
    await acme.post({ ...purchase, customerId: '421' });
    await acme.post({ ...purchase, customerId: '421', event: 'x' });
    await acme.post({ ...purchase, customerId: '', orderId: 'A-1421' });
    await acme.post({ ...purchase, customerId: 43, orderId: '42', event: 'x' });
    await acme.post({ ...purchase, customerId: 42, event: 'x' });
    await acme.post({ ...purchase, customerId: '\n 42\n', event: 'x' });
    await acme.post({ ...purchase, customerId: '', orderId: 'A-42' });
    const erased = await forgetCustomers(service, acme.partnerKey, '42');
    expect(erased).toMatchObject({ purchases: 1, rejections: 3 });
    expect(await acme.rows()).toMatchObject([{ customerId: '421' }]);
    expect(await acme.rejections()).toHaveLength(3);
  });

  test.for(['(a+)+$', 'a\\', '[', 'Ä/é|{1}', '-'])('may be called %s', async (id, { service, acme }) => {
    await acme.post({ ...purchase, customerId: id });
    await acme.post({ ...purchase, customerId: '', orderId: `of ${id}` });
    await acme.post({ ...purchase, customerId: '', orderId: 'of another' });
    const erased = await forgetCustomers(service, acme.partnerKey, id);
    expect(erased).toMatchObject({ purchases: 1, rejections: 1 });
    expect(await acme.rejections()).toHaveLength(1);
  });

  test('once more, is nothing to erase', async ({ service, acme }) => {
    await acme.post(bought);
    await acme.post({ ...bought, customerId: 'cust-2' });
    const forget = (...ids: string[]) => forgetCustomers(service, acme.partnerKey, ...ids);
    expect(await forget(customerId, 'cust-2')).toMatchObject({ purchases: 2 });
    expect(await forget(customerId)).toMatchObject({ purchases: 0 });
  });
});

let forgottenOnes = 0;

describe('a late copy of a forgotten customer', () => {
  /** One who has bought and was forgotten, whose id nobody else has: the tests share a database. */
  async function forgetOne(service: Service, acme: Provider) {
    const own = { ...purchase, customerId: `cust-late-${++forgottenOnes}-9d4e` };
    await acme.post(own);
    await forgetCustomers(service, acme.partnerKey, own.customerId);
    return own;
  }

  async function expectNothingKept(service: Service, acme: Provider, id: string): Promise<void> {
    expect(await acme.rows()).toEqual([]);
    expect(await acme.rejections()).toEqual([]);
    expect(await acme.subscriptions()).toEqual([]);
    expect((await readDatabase(service.database)).includes(id)).toBe(false);
  }

  test('is refused for good, at every level and by every way, and not kept', async ({ service, acme }) => {
    const own = await forgetOne(service, acme);
    const refused = { status: 403, body: { type: 'urn:onramp:problem:customer_forgotten' } };
    expect(await acme.post(own)).toMatchObject(refused);
    expect(await acme.post({ ...own, orderId: 'new' }, fromAcme)).toMatchObject(refused);
    expect(await acme.post(acme.sign(own))).toMatchObject(refused);
    expect(await acme.post(own, bearer(acme.secret))).toMatchObject(refused);
    const picture = await acme.picture(own);
    expect(picture).toMatchObject({ status: 403, picture: '1x3' });
    expect(picture.headers.get('x-tracking-result')).toBe('rejected; reason=customer_forgotten');
    await expectNothingKept(service, acme, own.customerId);
  });

  test('that is wrong besides is refused as such, and not kept either', async ({ service, acme }) => {
    const own = await forgetOne(service, acme);
    const { customerId } = own;
    const wrong: [Fields, Record<string, string>, number][] = [
      [own, bearer('wrong'), 401],
      [{ ...own, sig: 'x' }, {}, 401],
      [{ ...own, serviceName: '' }, {}, 400],
      [{ ...own, customerId: ` ${customerId}\n`, event: 'x' }, {}, 400],
    ];
    for (const [fields, headers, status] of wrong) {
      expect(await acme.post(fields, headers)).toMatchObject({ status });
    }
    await expectNothingKept(service, acme, customerId);
  });

  test('and a report are refused beside others in the same moment, which are stored', async ({
    service,
    acme,
  }) => {
    const own = await forgetOne(service, acme);
    const others = ['a', 'b', 'c', 'd'].map((id) => ({ ...purchase, customerId: id }));
    const answers = await Promise.all([own, ...others].map((fields) => acme.post(fields)));
    expect(answers.map(({ status }) => status)).toEqual([403, 201, 201, 201, 201]);
    expect(await acme.report({ coid: own.customerId }, { 'idempotency-key': 'k' })).toMatchObject({
      status: 403,
      body: { type: 'urn:onramp:problem:customer_forgotten' },
    });
    expect(await acme.report({ coid: 'a' })).toMatchObject({ status: 201 });
  });

  test('that is replayed from a list read before is deleted', async ({ service, addProvider }) => {
    const acme = await addProvider({ disabled: true });
    const own = { ...purchase, customerId: 'cust-replayed-9d4e' };
    await acme.post(own);
    const [row] = await service.store.listRejections({ partnerKey: acme.partnerKey, limit: 1 });
    await service.store.changeProvider(acme.partnerKey, { disabled: false });
    await forgetCustomers(service, acme.partnerKey, own.customerId);
    const replay = createReplay({
      store: service.store,
      createId: () => row?.id ?? '',
      clock: () => service.time.now,
    });
    expect(row && (await replay(row))).toEqual({ result: 'gone' });
    await expectNothingKept(service, acme, own.customerId);
  });
});

test('what is left is a hash under a key of the database’s own', async () => {
  const hashOf = async () => {
    const service = await startService({ database: await createDatabase({ empty: true }) });
    await service.addProvider();
    await forgetCustomers(service, 'pk_acme', customerId);
    const rows = await queryDatabase(service.database, 'select hash from forgotten');
    return rows.map(({ hash }) => hash);
  };
  const [one, other] = [await hashOf(), await hashOf()];
  expect(one).toEqual([expect.any(Buffer)]);
  expect(one[0]).toHaveLength(32);
  expect(one).not.toEqual(other);
});
