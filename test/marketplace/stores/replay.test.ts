import { describe, expect, test } from 'vitest';
import type { RejectionQuery, RejectionRow } from '../../../src/marketplace/store/rejections.ts';
import { createReplay } from '../../../src/marketplace/tracking/replay.ts';
import type { Level } from '../../../src/wire/fields.ts';
import { bearer, fromAcme, purchase, signed } from '../support/purchase.ts';
import { type Fields, hourMs, type Service, startMs, startService } from '../support/service.ts';

const iso = (timeMs: number) => new Date(timeMs).toISOString();

/** Replays what fits, oldest first, as the command does; by ids of a kind that the service's own are. */
async function replay(service: Service, query: Partial<RejectionQuery> = {}) {
  const rows = await service.store.listRejections({ limit: 100, ...query });
  return await replayRows(service, rows.reverse());
}

async function replayRows({ store }: Service, rows: readonly RejectionRow[]) {
  let made = 0;
  const createId = () => `01980000-0000-7000-8000-${(++made).toString(16).padStart(12, '0')}`;
  const replayOne = createReplay({ store, createId });
  const results = [];
  for (const row of rows) results.push(await replayOne(row));
  return results;
}

const enable = ({ store }: Service) => store.changeProvider('pk_acme', { disabled: false });

describe('a purchase that was refused, replayed', () => {
  test('is stored as of the time at which it was first received, and leaves the list', async () => {
    const service = await startService();
    const { secret } = await service.addProvider({ disabled: true });
    const wrongClock = Date.parse('2016-01-01');
    const stamped = { ...purchase, purchasedAt: wrongClock, clock: wrongClock + 5_000 };
    await service.post(stamped);
    service.time.now += hourMs;
    await service.post({ ...stamped, clock: wrongClock + 5_000 + hourMs });
    service.time.now += 100 * hourMs;
    await enable(service);
    expect(await replay(service)).toMatchObject([{ result: 'created' }]);
    expect(await service.list('/api/SaasTrackings', secret)).toMatchObject([
      { customerId: 'cust-1', purchasedAt: iso(startMs - 5_000), receivedAt: iso(startMs) },
    ]);
    expect(await service.list('/api/rejections', secret)).toEqual([]);
  });

  test('has the level it arrived with, whatever it would have now', async () => {
    const service = await startService();
    const keys = await service.addProvider({ disabled: true, origins: ['https://acme.example'] });
    const order = (orderId: string) => ({ ...purchase, orderId });
    await service.post(order('unsigned'), { origin: 'https://later.example' });
    await service.post(order('origin'), fromAcme);
    await service.post(signed(order('signed'), keys, startMs));
    await service.post(order('server'), bearer(keys.secret));
    await service.store.changeProvider('pk_acme', { disabled: false, origins: ['https://later.example'] });
    expect(await replay(service)).toHaveLength(4);
    const rows = await service.list('/api/SaasTrackings', keys.secret);
    expect(rows).toHaveLength(4);
    for (const { orderId, trust } of rows) expect(trust).toBe(orderId);
  });

  test('signed, vouches for what its signature covers only', async () => {
    const service = await startService();
    const keys = await service.addProvider({ disabled: true });
    const message = { ...purchase, amount: '5', currency: 'EUR', referral: 'r1' };
    await service.post(signed(message, keys, startMs), fromAcme);
    await enable(service);
    await replay(service);
    expect(await service.list('/api/SaasTrackings', keys.secret)).toMatchObject([
      {
        trust: 'signed',
        amount: '5',
        copies: [
          { trust: 'signed', said: expect.arrayContaining(['amount', 'currency', 'purchasedAt']) },
          { trust: 'unsigned', said: ['referral'] },
        ],
      },
    ]);
  });

  test.each<[string, Fields, Record<string, string>, Level]>([
    ['a wrong signature', { sig: `k.1.${'m'.repeat(43)}` }, {}, 'unsigned'],
    ['a wrong signature on its page', { sig: `k.1.${'m'.repeat(43)}` }, fromAcme, 'origin'],
    ['a wrong secret', {}, bearer('os_wrong'), 'unsigned'],
  ])('with %s has the level of what carried it', async (_name, fields, headers, trust) => {
    const service = await startService();
    const { secret } = await service.addProvider();
    expect(await service.post({ ...purchase, ...fields }, headers)).toMatchObject({ status: 401 });
    expect(await replay(service)).toMatchObject([{ result: 'created' }]);
    expect(await service.list('/api/SaasTrackings', secret)).toMatchObject([{ trust }]);
  });

  test('with a wrong signature stays out where the provider demands one', async () => {
    const service = await startService();
    const { secret } = await service.addProvider({ minimumLevel: 'signed' });
    await service.post({ ...purchase, sig: `k.1.${'m'.repeat(43)}` }, fromAcme);
    expect(await replay(service)).toMatchObject([{ result: 'refused', reason: 'below_minimum_level' }]);
    expect(await service.list('/api/SaasTrackings', secret)).toEqual([]);
  });

  test('that is there already is a duplicate and leaves the list', async () => {
    const service = await startService();
    const { secret } = await service.addProvider({ disabled: true });
    await service.post({ ...purchase, page: 'https://acme.example/thanks' });
    await enable(service);
    service.time.now += 1_000;
    const { body } = await service.post(purchase, bearer(secret));
    expect(await replay(service)).toEqual([{ result: 'duplicate', row: body.id }]);
    expect(await service.list('/api/SaasTrackings', secret)).toMatchObject([
      { trust: 'server', page: 'https://acme.example/thanks' },
    ]);
    expect(await replay(service)).toEqual([]);
  });

  test('that is refused again stays with the newer reason, its level and its times', async () => {
    const service = await startService();
    const { secret } = await service.addProvider({ disabled: true });
    await service.post({ ...purchase, clock: startMs }, fromAcme);
    service.time.now += hourMs;
    await service.store.changeProvider('pk_acme', { disabled: false, minimumLevel: 'server' });
    expect(await replay(service)).toMatchObject([{ result: 'refused', reason: 'below_minimum_level' }]);
    expect(await service.list('/api/rejections', secret)).toMatchObject([
      {
        reason: 'below_minimum_level',
        status: 403,
        trust: 'origin',
        count: 1,
        clock: startMs,
        firstSeenAt: iso(startMs),
        lastSeenAt: iso(startMs),
      },
    ]);
  });

  test('that is refused again as another one was shares a row with it', async () => {
    const service = await startService();
    const { secret } = await service.addProvider({ disabled: true });
    await service.post(purchase);
    await service.post(purchase);
    await service.store.changeProvider('pk_acme', { disabled: false, minimumLevel: 'server' });
    service.time.now += hourMs;
    await service.post(purchase);
    await replay(service, { reason: 'provider_disabled' });
    expect(await service.list('/api/rejections', secret)).toMatchObject([
      { reason: 'below_minimum_level', count: 3, lastSeenAt: iso(startMs + hourMs) },
    ]);
    await service.post(purchase);
    expect(await service.list('/api/rejections', secret)).toMatchObject([{ count: 4 }]);
  });

  test('by a key that was unknown counts for the provider that has it now', async () => {
    const service = await startService();
    await service.post(purchase);
    await service.post({ ...purchase, partnerKey: 'pk_nobody' });
    const { secret } = await service.addProvider({ disabled: true });
    expect(await replay(service, { partnerKey: 'pk_acme' })).toMatchObject([
      { result: 'refused', reason: 'provider_disabled' },
    ]);
    expect(await service.list('/api/rejections', secret)).toMatchObject([{ partnerKey: 'pk_acme' }]);
    await enable(service);
    expect(await replay(service)).toMatchObject([
      { result: 'created' },
      { result: 'refused', reason: 'unknown_partner_key' },
    ]);
    expect(await service.list('/api/SaasTrackings', secret)).toHaveLength(1);
  });

  test('still conflicts with the amount on record, unless it is stronger', async () => {
    const service = await startService();
    const { secret } = await service.addProvider();
    const order = { ...purchase, orderId: '1' };
    await service.post({ ...order, amount: 5 }, bearer(secret));
    await service.post({ ...order, amount: 6 }, fromAcme);
    expect(await replay(service)).toMatchObject([{ result: 'refused', reason: 'conflict' }]);
    expect(await service.list('/api/SaasTrackings', secret)).toMatchObject([{ amount: '5' }]);
    expect(await service.list('/api/rejections', secret)).toMatchObject([{ reason: 'conflict' }]);
  });

  test('that was replayed by somebody else meanwhile is gone, and counts once', async () => {
    const service = await startService();
    const { secret } = await service.addProvider({ disabled: true });
    await service.post(purchase);
    await enable(service);
    const rows = await service.store.listRejections({ limit: 1 });
    const results = (await Promise.all([replayRows(service, rows), replayRows(service, rows)])).flat();
    expect(results.map(({ result }) => result).sort()).toEqual(['created', 'gone']);
    expect(await service.list('/api/SaasTrackings', secret)).toHaveLength(1);
  });

  test('as a visit is one again', async () => {
    const service = await startService();
    const { secret } = await service.addProvider({ disabled: true });
    await service.post({ partnerKey: 'pk_acme', event: 'visit', referral: 'r1', landedAt: startMs });
    await enable(service);
    expect(await replay(service)).toMatchObject([{ result: 'created' }]);
    expect(await service.list('/api/SaasTrackings?event=visit', secret)).toMatchObject([{ referral: 'r1' }]);
  });
});

describe('what was not kept as it was sent is not replayed', () => {
  test.each<[string, Fields]>([
    ['too long a customer id', { customerId: 'x'.repeat(400) }],
    ['a secret as order id', { orderId: `os_k3y1d000_${'A'.repeat(43)}`, serviceName: '' }],
  ])('%s', async (_name, fields) => {
    const service = await startService();
    await service.addProvider();
    await service.post({ ...purchase, ...fields });
    expect(await replay(service)).toMatchObject([{ result: 'not_replayable' }]);
    expect(await service.store.listRejections({ limit: 9 })).toMatchObject([{ reason: 'invalid_fields' }]);
  });

  test('what could not be read', async () => {
    const service = await startService();
    await service.postRaw('{"partnerKey":');
    expect(await replay(service)).toMatchObject([{ result: 'not_replayable' }]);
  });
});

test('rejections are found by provider, reason, status, time and text', async () => {
  const service = await startService();
  await service.addProvider();
  await service.post({ ...purchase, customerId: '', orderId: 'Ä "Quoted" A-1001' });
  await service.post({ ...purchase, partnerKey: 'pk_nobody' });
  service.time.now += hourMs;
  await service.postRaw('broken a-1001');
  const find = async (query: Partial<RejectionQuery>) =>
    (await service.store.listRejections({ limit: 9, ...query })).map(({ reason }) => reason);
  expect(await find({ partnerKey: 'pk_acme' })).toEqual(['invalid_fields']);
  expect(await find({ partnerKey: 'pk_nobody' })).toEqual(['unknown_partner_key']);
  expect(await find({ reason: 'unreadable' })).toEqual([]);
  expect(await find({ reason: 'not_an_object' })).toEqual(['not_an_object']);
  expect(await find({ status: 403 })).toEqual(['unknown_partner_key']);
  expect(await find({ since: startMs + 1 })).toEqual(['not_an_object']);
  expect(await find({ text: 'A-1001' })).toEqual(['not_an_object', 'invalid_fields']);
  expect(await find({ text: '"quoted"' })).toEqual(['invalid_fields']);
  expect(await find({ text: 'orderId' })).toEqual([]);
});
