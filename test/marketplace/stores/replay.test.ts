import { describe, expect } from 'vitest';
import {
  type RejectionQuery,
  type RejectionRow,
  unreadablePool,
} from '../../../src/marketplace/store/rejections.ts';
import { createForesight, createReplay } from '../../../src/marketplace/tracking/replay.ts';
import type { Level } from '../../../src/wire/fields.ts';
import { bearer, fromAcme, purchase } from '../support/purchase.ts';
import {
  type Fields,
  hourMs,
  type Provider,
  type Service,
  startMs,
  startService,
} from '../support/service.ts';
import { test } from '../support/test.ts';

const dayMs = 24 * hourMs;
const iso = (timeMs: number) => new Date(timeMs).toISOString();

let made = 0;
/** Ids of a kind that the service's own are. */
const createId = () => `01980000-0000-7000-8000-${(++made).toString(16).padStart(12, '0')}`;

/** Replays what the provider was refused and fits, oldest first, as the command does. */
async function replay(
  service: Service,
  { partnerKey }: Pick<Provider, 'partnerKey'>,
  query: Partial<RejectionQuery> = {},
) {
  const rows = await service.store.listRejections({ limit: 100, partnerKey, ...query });
  return await replayRows(service, rows.reverse());
}

async function replayRows({ store, time }: Service, rows: readonly RejectionRow[]) {
  const replayOne = createReplay({ store, createId, clock: () => time.now });
  const foreseen = await createForesight({ store, createId, clock: () => time.now })(rows);
  const results = [];
  for (const row of rows) results.push(await replayOne(row));
  // A row that was there before is named beforehand; the id of a new one is made when it is.
  const withoutIds = results.map((result) =>
    'row' in result ? { ...result, row: expect.any(String) } : result,
  );
  if (results.every(({ result }) => result !== 'gone')) expect(foreseen).toEqual(withoutIds);
  return results;
}

const enable = ({ store }: Service, { partnerKey }: Provider) =>
  store.changeProvider(partnerKey, { disabled: false });

describe('a purchase that was refused, replayed', () => {
  test('is stored as of the time at which it was first received, and leaves the list', async ({
    addProvider,
    service,
  }) => {
    const acme = await addProvider({ disabled: true });
    const wrongClock = Date.parse('2016-01-01');
    const stamped = { ...purchase, purchasedAt: wrongClock, clock: wrongClock + 5_000 };
    await acme.post(stamped);
    service.time.now += hourMs;
    await acme.post({ ...stamped, clock: wrongClock + 5_000 + hourMs });
    service.time.now += 100 * hourMs;
    await enable(service, acme);
    expect(await replay(service, acme)).toMatchObject([{ result: 'created' }]);
    expect(await acme.rows()).toMatchObject([
      { customerId: 'cust-1', purchasedAt: iso(startMs - 5_000), receivedAt: iso(startMs) },
    ]);
    expect(await acme.rejections()).toEqual([]);
  });

  test('is judged by the clock as it is now known', async ({ acme, service }) => {
    const now = service.time.now;
    service.time.now = now - 2 * dayMs;
    const given = { ...purchase, purchasedAt: iso(now) };
    expect(await acme.post(given)).toMatchObject({ status: 400 });
    expect(await replay(service, acme)).toMatchObject([{ result: 'refused', reason: 'invalid_fields' }]);
    service.time.now = now + 1_000;
    expect(await replay(service, acme)).toMatchObject([{ result: 'created' }]);
    expect(await acme.rows()).toMatchObject([{ purchasedAt: iso(now) }]);
  });

  test('has arrived by now, whatever the clock said then', async ({ addProvider, service }) => {
    const acme = await addProvider({ disabled: true });
    const now = service.time.now;
    service.time.now = now + 400 * dayMs;
    await acme.post({ ...purchase, purchasedAt: now - 5_000, clock: now });
    service.time.now = now + 60_000;
    await enable(service, acme);
    expect(await replay(service, acme)).toMatchObject([{ result: 'created' }]);
    expect(await acme.rows()).toMatchObject([
      { purchasedAt: iso(now + 55_000), receivedAt: iso(now + 60_000) },
    ]);
  });

  test('is refused again for a time that lies ahead still', async ({ acme, service }) => {
    const given = { ...purchase, purchasedAt: iso(service.time.now + 3 * dayMs) };
    await acme.post(given);
    service.time.now += dayMs;
    expect(await replay(service, acme)).toMatchObject([{ result: 'refused', reason: 'invalid_fields' }]);
  });

  test('has the level it arrived with, whatever it would have now', async ({ addProvider, service }) => {
    const acme = await addProvider({ disabled: true, origins: ['https://acme.example'] });
    const order = (orderId: string) => ({ ...purchase, orderId });
    await acme.post(order('unsigned'), { origin: 'https://later.example' });
    await acme.post(order('origin'), fromAcme);
    await acme.post(acme.sign(order('signed')));
    await acme.post(order('server'), bearer(acme.secret));
    await service.store.changeProvider(acme.partnerKey, {
      disabled: false,
      origins: ['https://later.example'],
    });
    expect(await replay(service, acme)).toHaveLength(4);
    const rows = await acme.rows();
    expect(rows).toHaveLength(4);
    for (const { orderId, trust } of rows) expect(trust).toBe(orderId);
  });

  test('signed, vouches for what its signature covers only', async ({ addProvider, service }) => {
    const acme = await addProvider({ disabled: true });
    const message = { ...purchase, amount: '5', currency: 'EUR', referral: 'r1' };
    await acme.post(acme.sign(message), fromAcme);
    await enable(service, acme);
    await replay(service, acme);
    expect(await acme.rows()).toMatchObject([
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

  test.for<[string, Fields, Record<string, string>, Level]>([
    ['a wrong signature', { sig: `k.1.${'m'.repeat(43)}` }, {}, 'unsigned'],
    ['a wrong signature on its page', { sig: `k.1.${'m'.repeat(43)}` }, fromAcme, 'origin'],
    ['a wrong secret', {}, bearer('os_wrong'), 'unsigned'],
  ])(
    'with %s has the level of what carried it',
    async ([_name, fields, headers, trust], { acme, service }) => {
      expect(await acme.post({ ...purchase, ...fields }, headers)).toMatchObject({ status: 401 });
      expect(await replay(service, acme)).toMatchObject([{ result: 'created' }]);
      expect(await acme.rows()).toMatchObject([{ trust }]);
    },
  );

  test('with a wrong signature stays out where the provider demands one', async ({
    addProvider,
    service,
  }) => {
    const acme = await addProvider({ minimumLevel: 'signed' });
    await acme.post({ ...purchase, sig: `k.1.${'m'.repeat(43)}` }, fromAcme);
    expect(await replay(service, acme)).toMatchObject([{ result: 'refused', reason: 'below_minimum_level' }]);
    expect(await acme.rows()).toEqual([]);
  });

  test('that is there already is a duplicate and leaves the list', async ({ addProvider, service }) => {
    const acme = await addProvider({ disabled: true });
    await acme.post({ ...purchase, page: 'https://acme.example/thanks' });
    await enable(service, acme);
    service.time.now += 1_000;
    const { body } = await acme.post(purchase, bearer(acme.secret));
    expect(await replay(service, acme)).toEqual([{ result: 'duplicate', row: body.id }]);
    expect(await acme.rows()).toMatchObject([{ trust: 'server', page: 'https://acme.example/thanks' }]);
    expect(await replay(service, acme)).toEqual([]);
  });

  test('that is refused again stays with the newer reason, its level and its times', async ({
    addProvider,
    service,
  }) => {
    const acme = await addProvider({ disabled: true });
    await acme.post({ ...purchase, clock: startMs }, fromAcme);
    service.time.now += hourMs;
    await service.store.changeProvider(acme.partnerKey, { disabled: false, minimumLevel: 'server' });
    expect(await replay(service, acme)).toMatchObject([{ result: 'refused', reason: 'below_minimum_level' }]);
    expect(await acme.rejections()).toMatchObject([
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

  test('that is refused again as another one was shares a row with it', async ({ addProvider, service }) => {
    const acme = await addProvider({ disabled: true });
    await acme.post(purchase);
    await acme.post(purchase);
    await service.store.changeProvider(acme.partnerKey, { disabled: false, minimumLevel: 'server' });
    service.time.now += hourMs;
    await acme.post(purchase);
    await replay(service, acme, { reason: 'provider_disabled' });
    expect(await acme.rejections()).toMatchObject([
      { reason: 'below_minimum_level', count: 3, lastSeenAt: iso(startMs + hourMs) },
    ]);
    await acme.post(purchase);
    expect(await acme.rejections()).toMatchObject([{ count: 4 }]);
  });

  test('by a key that was unknown counts for the provider that has it now', async ({
    addProvider,
    service,
  }) => {
    const partnerKey = 'pk_unknown_yet';
    await service.post({ ...purchase, partnerKey });
    await service.post({ ...purchase, partnerKey: 'pk_nobody' });
    const acme = await addProvider({ partnerKey, disabled: true });
    expect(await replay(service, acme)).toMatchObject([{ result: 'refused', reason: 'provider_disabled' }]);
    expect(await acme.rejections()).toMatchObject([{ partnerKey }]);
    await enable(service, acme);
    expect(await replay(service, acme)).toMatchObject([{ result: 'created' }]);
    expect(await replay(service, { partnerKey: 'pk_nobody' })).toMatchObject([
      { result: 'refused', reason: 'unknown_partner_key' },
    ]);
    expect(await acme.rows()).toHaveLength(1);
  });

  test('still conflicts with the amount on record, unless it is stronger', async ({ acme, service }) => {
    const order = { ...purchase, orderId: '1' };
    await acme.post({ ...order, amount: 5 }, bearer(acme.secret));
    await acme.post({ ...order, amount: 6 }, fromAcme);
    expect(await replay(service, acme)).toMatchObject([{ result: 'refused', reason: 'conflict' }]);
    expect(await acme.rows()).toMatchObject([{ amount: '5' }]);
    expect(await acme.rejections()).toMatchObject([{ reason: 'conflict' }]);
  });

  test('that was replayed by somebody else meanwhile is gone, and counts once', async ({
    addProvider,
    service,
  }) => {
    const acme = await addProvider({ disabled: true });
    await acme.post(purchase);
    await enable(service, acme);
    const rows = await service.store.listRejections({ limit: 1, partnerKey: acme.partnerKey });
    const results = (await Promise.all([replayRows(service, rows), replayRows(service, rows)])).flat();
    expect(results.map(({ result }) => result).sort()).toEqual(['created', 'gone']);
    expect(await acme.rows()).toHaveLength(1);
  });

  test('as a visit is one again', async ({ addProvider, service }) => {
    const acme = await addProvider({ disabled: true });
    await acme.post({ event: 'visit', referral: 'r1', landedAt: startMs });
    await enable(service, acme);
    expect(await replay(service, acme)).toMatchObject([{ result: 'created' }]);
    expect(await acme.rows('?event=visit')).toMatchObject([{ referral: 'r1' }]);
  });
});

describe('what was not kept as it was sent is not replayed', () => {
  test.for<[string, Fields]>([
    ['too long a customer id', { customerId: 'x'.repeat(400) }],
    ['a secret as order id', { orderId: `os_k3y1d000_${'A'.repeat(43)}`, serviceName: '' }],
  ])('%s', async ([_name, fields], { acme, service }) => {
    await acme.post({ ...purchase, ...fields });
    expect(await replay(service, acme)).toMatchObject([{ result: 'not_replayable' }]);
    expect(await acme.rejections()).toMatchObject([{ reason: 'invalid_fields' }]);
  });

  test('what could not be read', async ({ service }) => {
    await service.postRaw('{"partnerKey":');
    const unreadable = await service.store.listRejections({ limit: 9, pool: unreadablePool });
    expect(await replayRows(service, unreadable)).toMatchObject([{ result: 'not_replayable' }]);
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
  expect(await find({ from: startMs + 1 })).toEqual(['not_an_object']);
  expect(await find({ text: 'A-1001' })).toEqual(['not_an_object', 'invalid_fields']);
  expect(await find({ text: '"quoted"' })).toEqual(['invalid_fields']);
  expect(await find({ text: 'orderId' })).toEqual([]);
});
