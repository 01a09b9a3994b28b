// A ledger of the first version is brought to keys that name the provider, while that version's instances write on.
import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { createMigrations } from '../../../src/marketplace/store/migrations.ts';
import { openDatabase } from '../../../src/marketplace/store/open.ts';
import { createDialect } from '../../../src/marketplace/store/postgres/dialect.ts';
import { leadByProvider, prepareToLead } from '../../../src/marketplace/store/postgres/ledByProvider.ts';
import { createPool } from '../../../src/marketplace/store/postgres/pool.ts';
import { migratePostgres, words } from '../../../src/marketplace/store/postgres/postgres.ts';
import { queryPostgres } from '../../support/postgresDatabases.ts';
import { createDatabase } from '../support/database.ts';
import { startMs } from '../support/service.ts';

/** A database with the tables of the first version, and a provider. */
async function createOldDatabase(): Promise<string> {
  const database = await createDatabase({ empty: true });
  const pool = createPool(database, 1);
  const { '0001-tables': tables } = createMigrations(words);
  const provider = { getMigrations: async () => (tables ? { '0001-tables': tables } : {}) };
  const db = new Kysely<unknown>({ dialect: createDialect(pool) });
  const { error } = await new Migrator({ db, provider }).migrateToLatest({ disableTransactions: true });
  await pool.end();
  if (error) throw error;
  await queryPostgres(
    database,
    `insert into providers (partner_key, name, origins, minimum_level, disabled)
      values ('pk_acme', 'Acme', '[]', 'unsigned', 0)`,
  );
  return database;
}

/** What an instance of the first version writes for the number, by its own statements. */
function statementsOf(number: number): string[] {
  const id = `'\\x${number.toString(16).padStart(32, '0')}'`;
  return [
    `insert into trackings (id, event, dedupe_key, provider_id, stamped, service_name, customer_id, order_id, trust,
       copies, received_at, test)
     values (${id}, 'purchase', ${id}, 1, 0, 'CRM', 'c-${number}', 'o-${number}', 'server', '[]', ${startMs}, 0)
     on conflict do nothing`,
    `insert into clicks (id, provider_id, listing, referral, clicked_at, bot)
     values (${id}, 1, 'acme', 'r-${number}', ${startMs}, 0)`,
    // Every second time the same again.
    `insert into rejections (id, latest_id, pool, fingerprint, status, reason, detail, errors, trust, belief, via,
       payload, count, first_seen_at, last_seen_at)
     values (${id}, ${id}, 'provider:pk_acme', '\\x${Math.floor(number / 2)
       .toString(16)
       .padStart(32, '0')}', 400, 'x', '',
       '[]', 'unsigned', 0, 'post', '{}', 1, ${startMs}, ${startMs})
     on conflict (fingerprint) do update set count = rejections.count + excluded.count, latest_id = excluded.latest_id`,
    `insert into orders (id, token, provider_id, status, fields, fingerprint, has_password, created_at)
     values (${id}, 'token-${number}', 1, 'undecided', '{}', '\\x', 0, ${startMs}) on conflict (token) do nothing`,
    `insert into order_attempts (order_id, number, started_at) values (${id}, 1, ${startMs})`,
  ];
}

/** Writes on and on, as an instance of the first version; resolves to what ends it and says how often it wrote. */
async function keepWriting(database: string): Promise<() => Promise<number>> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  let isWriting = true;
  let written = 0;
  const writing = (async () => {
    while (isWriting) {
      for (const statement of statementsOf(written)) await client.query(statement);
      written++;
    }
  })();
  onTestFinished(async () => {
    isWriting = false;
    await writing.catch(() => undefined);
    await client.end();
  });
  return async () => {
    isWriting = false;
    await writing;
    return written;
  };
}

async function countRows(database: string, condition = 'true') {
  const [counted] = await queryPostgres(
    database,
    `select (select count(*) from trackings where ${condition})::integer as trackings,
      (select count(*) from clicks where ${condition})::integer as clicks,
      (select sum(count) from rejections where ${condition})::integer as rejections,
      (select count(*) from orders where ${condition})::integer as orders,
      (select count(*) from order_attempts where ${condition})::integer as attempts`,
  );
  return counted;
}

test('is brought there by whoever starts first, also once it was broken off, and nothing is lost', async () => {
  const database = await createOldDatabase();
  const stopWriting = await keepWriting(database);
  const writtenBefore = async () => Number((await countRows(database))?.trackings);
  await expect.poll(writtenBefore).toBeGreaterThan(20);
  const samplesOf = (columns: string) =>
    queryPostgres(database, `select from pg_stats where tablename = 'trackings' and attname in (${columns})`);
  await queryPostgres(database, 'analyze trackings');
  expect(await samplesOf("'copies'")).toHaveLength(1);
  // What is left of an index whose making was broken off.
  await queryPostgres(
    database,
    'create unique index concurrently trackings_pkey_led on trackings (event)',
  ).catch(() => undefined);

  await Promise.all([migratePostgres(database), migratePostgres(database)]);

  expect(await samplesOf("'copies', 'page', 'customer_id'")).toEqual([]);

  // The old version's instances still run.
  const then = await writtenBefore();
  await expect.poll(writtenBefore).toBeGreaterThan(then + 20);
  const written = await stopWriting();
  const all = {
    trackings: written,
    clicks: written,
    rejections: written,
    orders: written,
    attempts: written,
  };
  expect(await countRows(database)).toEqual(all);
  expect(await countRows(database, 'provider_id = 1')).toEqual(all);

  const keys = await queryPostgres(
    database,
    `select conrelid::regclass || ' ' || pg_get_constraintdef(oid) as key from pg_constraint
      where contype in ('p', 'u') and conrelid in ('trackings'::regclass, 'clicks'::regclass, 'rejections'::regclass,
        'subscriptions'::regclass, 'reports'::regclass, 'orders'::regclass, 'order_attempts'::regclass)`,
  );
  expect(keys).toHaveLength(14);
  for (const { key } of keys) expect(key).toContain('provider_id');
  expect(await queryPostgres(database, 'select from pg_index where not indisvalid')).toEqual([]);

  const store = await openDatabase(database);
  onTestFinished(() => store.close());
  expect(await store.listRejections({ providerId: 1, limit: 1_000 })).toHaveLength(Math.ceil(written / 2));
  const [order] = await store.listOrders({ providerId: 1, limit: 1 });
  expect(order).toMatchObject({ token: `token-${written - 1}`, attempts: [{ number: 1 }] });
});

test('waits for nobody who writes where it was prepared before', async () => {
  const database = await createOldDatabase();
  const pool = createPool(database, 1);
  onTestFinished(() => pool.end());
  await prepareToLead(pool);
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('begin');
  for (const statement of statementsOf(1)) await client.query(statement);

  await prepareToLead(pool);
  await client.query('commit');
  expect(await countRows(database, 'provider_id = 1')).toMatchObject({
    trackings: 1,
    rejections: 1,
    attempts: 1,
  });
});

test('waits for a table until PostgreSQL has ended an autovacuum of it', async () => {
  const [wait] = leadByProvider;
  const client = new pg.Client({ connectionString: await createDatabase({ empty: true }) });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query(`begin; ${wait}`);
  const { rows } = await client.query(
    `select current_setting('lock_timeout')::interval > current_setting('deadlock_timeout')::interval as "isLonger"`,
  );
  expect(rows).toEqual([{ isLonger: true }]);
});
