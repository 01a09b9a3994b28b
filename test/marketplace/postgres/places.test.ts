// A spread ledger of which a part doesn't answer, since another session has locked it.
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { startOfSpan } from '../../../src/marketplace/ledger/figures.ts';
import { ofNoProvider } from '../../../src/marketplace/store/database.ts';
import { StoreUnavailableError } from '../../../src/marketplace/store/errors.ts';
import { openDatabase } from '../../../src/marketplace/store/open.ts';
import { partitionTables, spreadTables } from '../../../src/marketplace/store/postgres/partitions.ts';
import { rejectionLimits } from '../../../src/marketplace/store/rejections.ts';
import { createDatabase, queryDatabase } from '../support/database.ts';
import { longestAnswerMs } from '../support/faults.ts';
import { patience } from '../support/patience.ts';
import { bearer, purchase } from '../support/purchase.ts';
import { startMs, startService } from '../support/service.ts';

/** Before a lock is given up: who has waited for it has waited for longer. */
const lockTimeoutMs = 3_000;
/** Between two purchases of a provider, in milliseconds: faster, they would keep the machine from anything else. */
const senderPauseMs = 50;

/** A service on four partitions, with a provider in each of them. */
async function startSpread() {
  const database = await createDatabase({ empty: true });
  await (await openDatabase(database)).close();
  await partitionTables(database, 4);
  const service = await startService({ database });
  type Acme = Awaited<ReturnType<typeof service.addProvider>>;
  const providers = new Map<string, Acme>();
  for (let number = 1; providers.size < 4; number++) {
    const provider = await service.addProvider({ partnerKey: `pk_${number}` });
    const { id = 0 } = (await service.store.findProvider(provider.partnerKey)) ?? {};
    providers.set(await service.store.findPlace(id), provider);
  }
  return { service, providers };
}

/** Locks the part of all tables that holds anything of messages; resolves to what releases it. */
async function lockPlace(database: string, place: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  let isOpen = true;
  const end = async () => {
    if (isOpen) await client.end();
    isOpen = false;
  };
  onTestFinished(end);
  const remainder = place.replace('partition ', '');
  await client.query('begin');
  await client.query(
    `lock table ${spreadTables.map((name) => `${name}_${remainder}`)} in access exclusive mode`,
  );
  return end;
}

async function timed<Answer extends { status: number }>(sending: Promise<Answer>) {
  const startedAt = performance.now();
  const { status } = await sending;
  return { status, ms: performance.now() - startedAt };
}

test('while a part of the ledger doesn’t answer, its providers get 503 in time, and the others their answers as ever', async () => {
  const { service, providers } = await startSpread();
  const [away = ''] = providers.keys();
  const release = await lockPlace(service.database, away);
  const locked = providers.get(away);
  const others = [...providers].flatMap(([place, provider]) => (place === away ? [] : provider));

  let isWaiting = true;
  const refused = Promise.all([
    ...Array.from({ length: 20 }, (_, index) =>
      timed(Promise.resolve(locked?.post({ ...purchase, orderId: `locked-${index}` }) ?? { status: 0 })),
    ),
    // Whoever reads what is locked takes no connection that others need to write.
    ...Array.from({ length: 10 }, () =>
      timed(service.send('/api/SaasTrackings', { headers: bearer(locked?.secret ?? '') })),
    ),
  ]).finally(() => {
    isWaiting = false;
  });
  const stored: { status: number; ms: number }[] = [];
  for (let number = 0; isWaiting; number++) {
    for (const { post } of others) stored.push(await timed(post({ ...purchase, orderId: `${number}` })));
    await pause(senderPauseMs);
  }
  const answers = await refused;
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
  expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(longestAnswerMs);
  expect(new Set(stored.map(({ status }) => status))).toEqual(new Set([201]));
  expect(Math.max(...stored.map(({ ms }) => ms))).toBeLessThan(lockTimeoutMs);
  expect(await service.send('/readyz')).toMatchObject({ status: 200, body: { away: [away] } });

  await release();
  expect(await locked?.post({ ...purchase, orderId: 'locked-0' })).toMatchObject({ status: 201 });
  expect((await service.send('/readyz')).body).toEqual({ status: 'ready' });
});

test('what belongs to no provider has a place as well, and figures of all need it not', async () => {
  const { service, providers } = await startSpread();
  const nobodys = await service.store.findPlace(ofNoProvider);
  const others = [...providers].flatMap(([place, provider]) => (place === nobodys ? [] : provider));
  const release = await lockPlace(service.database, nobodys);
  const refused = service.post({ ...purchase, partnerKey: 'pk_unknown' });
  for (const { post } of others) expect(await post(purchase)).toMatchObject({ status: 201 });
  expect(await refused).toMatchObject({ status: 503 });

  await release();
  expect(await service.post({ ...purchase, partnerKey: 'pk_unknown' })).toMatchObject({ status: 403 });
  const months = await service.store.findFigureMonths(undefined);
  expect(months).toEqual({ first: startOfSpan('month', startMs), last: startOfSpan('month', startMs) });
  const month = { bucket: 0, span: 'month', start: months?.first ?? 0, end: startMs, sign: 1 } as const;
  const sums = await service.store.sumFigures({ pieces: [month], by: [] });
  expect(sums.map(({ count }) => count)).toEqual([others.length]);
});

test('orders of other providers go on, and what is old of them is deleted', async () => {
  const { service, providers } = await startSpread();
  const { store, database } = service;
  const places = [...providers.keys()];
  const [away = ''] = places;
  const orders = await Promise.all(
    [...providers].map(async ([place, { partnerKey }], index) => {
      await store.changeProvider(partnerKey, { provisionUrl: 'https://acme.example/' });
      const { id: providerId = 0 } = (await store.findProvider(partnerKey)) ?? {};
      const id = `01970000-0000-7000-8000-00000000000${index}`;
      const entered = { fields: {}, fingerprint: new Uint8Array(16), hasPassword: true, createdAt: startMs };
      const held = { by: 'this', until: startMs + 1 };
      await store.createOrder({ id, providerId, token: `${providerId}-token`, held, ...entered });
      return { id, place };
    }),
  );
  for (const { post } of providers.values()) {
    await post({ ...purchase, purchasedAt: startMs - 1 });
    await post({ partnerKey: 'pk_acme', event: 'visit', referral: 'r-1', landedAt: startMs });
  }
  const others = orders.flatMap(({ id, place }) => (place === away ? [] : id)).sort();
  const release = await lockPlace(database, away);

  const moment = { now: startMs + 1, knownNow: startMs + 1, latest: startMs + 2 };
  const asked = { ...moment, limit: 9, exceptProviders: [], holder: 'this', lostBefore: 0 };
  const idsOf = (found: { id: string }[]) => found.map(({ id }) => id).sort();
  const claim = { by: 'this', until: startMs + 2 };
  const [due, renewed] = await Promise.all([
    store.listDueOrders(asked),
    store.renewPasswordClaims(claim),
    expect(store.purge('visits', startMs + 1)).rejects.toThrow(StoreUnavailableError),
  ]);
  expect(idsOf(due)).toEqual(others);
  expect(renewed.ids.sort()).toEqual(others);
  expect(renewed.isOfAll).toBe(false);
  for (const [place, { rows }] of providers) {
    if (place !== away) expect(await rows('?event=visit')).toEqual([]);
  }

  await release();
  const anew = await openDatabase(database);
  onTestFinished(() => anew.close());
  expect(idsOf(await anew.listDueOrders(asked))).toEqual(idsOf(orders));
  expect(await anew.renewPasswordClaims(claim)).toMatchObject({ isOfAll: true });
  expect(await anew.purge('visits', startMs + 1)).toBe(1);
});

test('refused messages of other providers are kept within their bounds', async () => {
  const { service, providers } = await startSpread();
  const [[away = ''] = [], [, flooding] = []] = [...providers];
  const { partnerKey = '', post } = flooding ?? {};
  const { id: providerId } = (await service.store.findProvider(partnerKey)) ?? {};
  await queryDatabase(
    service.database,
    `insert into rejections (id, latest_id, provider_id, pool, fingerprint, status, reason, detail, errors, trust, belief,
       via, payload, count, first_seen_at, last_seen_at)
     select id, id, ${providerId}, 'provider:${partnerKey}', id, 400, 'invalid', '', '[]', 'unsigned', 0,
       'post', '{}', 1, ${startMs}, ${startMs}
     from generate_series(1, ${rejectionLimits.pool + 10}) as number, decode(lpad(to_hex(number), 32, '0'), 'hex') as id`,
  );
  await lockPlace(service.database, away);
  expect(await post?.({ ...purchase, event: 'x' })).toMatchObject({ status: 400 });
  const count = `select count(*)::int as count from rejections where provider_id = ${providerId}`;
  await expect
    // The other part of the ledger is given seconds to answer first.
    .poll(() => queryDatabase(service.database, count), { ...patience, interval: 200 })
    .toEqual([{ count: rejectionLimits.pool }]);
});
