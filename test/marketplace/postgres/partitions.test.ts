// A ledger whose tables are spread over partitions: what is about a provider looks into its own alone.
import { expect, onTestFinished, test } from 'vitest';
import { createSecret } from '../../../src/marketplace/providers/secret.ts';
import { openDatabase } from '../../../src/marketplace/store/open.ts';
import { partitionTables, spreadTables } from '../../../src/marketplace/store/postgres/partitions.ts';
import { type Connection, createPool, type Result } from '../../../src/marketplace/store/postgres/pool.ts';
import { openPostgres } from '../../../src/marketplace/store/postgres/postgres.ts';
import { retainedKinds } from '../../../src/marketplace/store/schema.ts';
import { createStore } from '../../../src/marketplace/store/store.ts';
import { queryPostgres } from '../../support/postgresDatabases.ts';
import { createCommandLine } from '../support/command.ts';
import { createDatabase } from '../support/database.ts';
import { anybodyAt } from '../support/ordering.ts';
import { bearer, fromAcme, purchase } from '../support/purchase.ts';
import { type Service, startMs, startService } from '../support/service.ts';

interface Planned {
  statement: string;
  plan: string;
}

/** Pools whose connections send their statements in this way. */
function poolsThat(
  send: <Row>(connection: Connection, ...sent: Parameters<Connection['query']>) => Promise<Result<Row>>,
): typeof createPool {
  return (...settings) => {
    const pool = createPool(...settings);
    return {
      ...pool,
      async connect() {
        const connection = await pool.connect();
        return { ...connection, query: (...sent) => send(connection, ...sent) };
      },
    };
  };
}

/** Pools whose connections have each statement explained, with its values, before they send it. */
function explaining(planned: Planned[]): typeof createPool {
  return poolsThat(
    async <Row>(connection: Connection, text: string, values: readonly unknown[] = [], name?: string) => {
      const isPlanned = /^\s*(with|select|insert|update|delete)\b[^;]*$/i.test(text);
      // Both are sent at once, since what comes next may be sent already.
      const [explained, result] = await Promise.all([
        isPlanned
          ? connection.query<{ 'QUERY PLAN': string }>(`explain (costs off) ${text}`, values)
          : undefined,
        connection.query<Row>(text, values, name),
      ]);
      if (explained) {
        planned.push({ statement: text, plan: explained.rows.map((row) => row['QUERY PLAN']).join('\n') });
      }
      return result;
    },
  );
}

async function createPartitioned(partitions: number): Promise<string> {
  const database = await createDatabase({ empty: true });
  await (await openDatabase(database)).close();
  await partitionTables(database, partitions);
  return database;
}

/** Everything that a provider's pages, servers and people make the service do often. */
async function play({ send, store, post }: Service, secret: string, providerId: number): Promise<void> {
  const byServer = bearer(secret);
  const order = { ...purchase, orderId: 'o-1', amount: '49.90', currency: 'EUR' };
  const stamp = { ...purchase, purchasedAt: startMs, clock: startMs };
  const answers = [
    await send('/go/acme'),
    await post({ ...order, referral: 'r-1' }, fromAcme),
    await post({ ...order, customerId: 'other' }, fromAcme),
    await post(order, byServer),
    await post(order, byServer),
    await post({ ...order, event: 'refund', amount: '9' }, byServer),
    await post(stamp, fromAcme),
    await post({ ...stamp, clock: startMs + 1 }, fromAcme),
    await post({ ...stamp, event: 'signup', orderId: 'trial' }, fromAcme),
    await post({ partnerKey: 'pk_acme', event: 'visit', referral: 'r-2', landedAt: startMs }, fromAcme),
    await post({ ...order, amount: '1' }, fromAcme),
    ...(await Promise.all(
      ['first', 'second'].map(() =>
        send('/update-subscription/', {
          method: 'POST',
          headers: { 'idempotency-key': 'k-1' },
          body: JSON.stringify({ coid: 'c-1', expired: false, sku: 'crm', count: 3, providerkey: secret }),
        }),
      ),
    )),
  ];
  expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
  for (const list of [
    'SaasTrackings?limit=9',
    'SaasTrackings?customerId=cust-1',
    'SaasTrackings?orderId=o-1',
    'SaasTrackings?from=2026-05-01T00:00:00Z&event=purchase',
    'clicks',
    'rejections',
    'subscriptions',
    'subscriptions/reports?coid=c-1',
    'orders',
    'figures?by=day,service',
  ]) {
    expect((await send(`/api/${list}`, { headers: byServer })).status, list).toBe(200);
  }
  const ordered = { id: '01970000-0000-7000-8000-000000000001', providerId };
  const token = `${providerId}-${'A'.repeat(22)}`;
  const entered = { fields: {}, fingerprint: new Uint8Array(16), hasPassword: false, createdAt: startMs };
  await store.changeProvider('pk_acme', { provisionUrl: 'https://acme.example/' });
  for (let times = 0; times < 2; times++) await store.createOrder({ ...ordered, ...entered, token });
  await store.listDueOrders({ ...anybodyAt(startMs), limit: 9 });
  const attempt = { order: ordered, startedAt: startMs, latest: startMs, leaseUntil: startMs + 1 };
  const number = (await store.beginAttempt(attempt)) ?? 0;
  const change = { status: 'succeeded', coid: 'c-2' } as const;
  await store.endAttempt({ order: ordered, number, endedAt: startMs, outcome: 'created', change });
  await store.listArrivals({ providerId });
  const end = startMs + 40 * 24 * 3_600_000;
  await store.listPayments({ providerId, event: 'purchase', from: startMs, to: end, limit: 9 });
  const customers = { providerId, partnerKey: 'pk_acme', customerIds: ['cust-1', 'c-1', 'c-2'] };
  await store.findCustomers(customers);
  await store.forgetCustomers({ ...customers, forgottenAt: startMs });
  await post({ ...order, orderId: 'o-2', customerId: 'kept' }, byServer);
  for (const kind of retainedKinds) expect(await store.purge(kind, startMs + 1)).toBeGreaterThan(0);
  await post({ ...stamp, purchasedAt: '2026-05-01' }, fromAcme);
}

/**
 * The few that are of all providers: what is due, whose claims a process renews, how much was refused in all, who has
 * what is old.
 */
const ofEverybody =
  /"next_at" is not null|"lease_until" <|"held_by" =|count\(\*\) as "count" from "rejections"|^select "id", "provider_id"/;

/** Each of those that were found is looked at in its part. */
const ofOne = /"orders"\."provider_id" = /;

/** The number of the partition where the provider's rows are. */
async function partitionOf(database: string, providerId: number): Promise<unknown> {
  const number = "substring(relname from '\\d+$')";
  const [found] = await queryPostgres(
    database,
    `select ${number} as number from pg_class where relname ~ '^trackings_\\d+$' and relkind = 'r'
      and satisfies_hash_partition('trackings'::regclass, 4, ${number}::integer, ${providerId})`,
  );
  return found?.number;
}

test('every statement that is about a provider looks into its partition alone', async () => {
  const database = await createPartitioned(4);
  const planned: Planned[] = [];
  const store = await createStore(await openPostgres(database, explaining(planned)));
  onTestFinished(() => store.close());
  const service = await startService({ database, wrapStore: () => store });
  await service.addProvider({ partnerKey: 'pk_first' });
  const acme = await service.addProvider();
  await acme.addListing('acme');
  const { id = 0 } = (await store.findProvider('pk_acme')) ?? {};
  const [own, nobodys] = await Promise.all([partitionOf(database, id), partitionOf(database, 0)]);
  expect(own).not.toBe(nobodys);

  planned.length = 0;
  await play({ ...service, store }, acme.secret, id);

  const tables = new RegExp(`(?<= (?:on|using) )(?:${spreadTables.join('|')})_(\\d+)`, 'g');
  const seen = planned
    .filter(({ statement }) => !ofEverybody.test(statement) || ofOne.test(statement))
    .map(({ statement, plan }) => ({
      statement,
      plan,
      partitions: [...new Set([...plan.matchAll(tables)].map(([, number]) => number))],
    }));
  expect(seen.filter(({ partitions }) => partitions.includes(String(own))).length).toBeGreaterThan(40);
  // Who is forgotten may stand in what was refused before its provider was known.
  const mayBe = (statement: string) => (statement.includes('from "rejections"') ? [own, nobodys] : [own]);
  expect(
    seen.filter(({ statement, partitions }) =>
      partitions.some((number) => !mayBe(statement).includes(number)),
    ),
  ).toEqual([]);
});

test('an order that was asked for its password since it was found is not due', async () => {
  const database = await createPartitioned(4);
  let meanwhile = async () => {};
  const interrupted = poolsThat(
    async <Row>(connection: Connection, ...sent: Parameters<Connection['query']>) => {
      const result = await connection.query<Row>(...sent);
      if (sent[0].includes('"next_at" is not null')) await meanwhile();
      return result;
    },
  );
  const store = await createStore(await openPostgres(database, interrupted));
  onTestFinished(() => store.close());
  await store.addProvider(
    { partnerKey: 'pk_acme', name: 'Acme', origins: [], minimumLevel: 'unsigned', disabled: false },
    createSecret(0),
  );
  await store.changeProvider('pk_acme', { provisionUrl: 'https://acme.example/' });
  const order = { id: '01970000-0000-7000-8000-000000000001', providerId: 1 };
  const entered = { fields: {}, fingerprint: new Uint8Array(16), hasPassword: true, createdAt: 0 };
  await store.createOrder({ ...order, ...entered, token: `1-${'A'.repeat(22)}` });
  const due = { ...anybodyAt(1), limit: 9 };
  expect(await store.listDueOrders(due)).toMatchObject([{ status: 'under_way' }]);

  meanwhile = async () => {
    meanwhile = async () => {};
    const asked = { status: 'needs_password', nextAt: 500 } as const;
    expect(await store.changeOrder(order, asked, ['under_way'], 1)).toBe(true);
  };
  expect(await store.listDueOrders(due)).toEqual([]);
});

test('tables are spread by a command while they are empty, and once', async () => {
  const database = await createDatabase({ empty: true });
  const line = await createCommandLine();
  const run = (options: string) => line.run(`tables ${options}`, { DATABASE_URL: database });
  expect(await run('--partitions 3')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('3 partitions'),
  });
  expect(await run('--partitions 3')).toMatchObject({ exitCode: 0 });
  expect(await run('')).toMatchObject({ exitCode: 0 });
  expect(await run('--partitions 4')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('has 3'),
  });
  expect(await run('--partitions 1')).toMatchObject({ exitCode: 2 });

  const inUse = await createDatabase({ empty: true });
  const service = await startService({ database: inUse });
  const { post } = await service.addProvider();
  await post(purchase);
  expect(await line.run('tables --partitions 3', { DATABASE_URL: inUse })).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("aren't empty"),
  });
});
