import { setTimeout as pause } from 'node:timers/promises';
import type { Schema } from '../schema.ts';
import { codeOf } from './judgeError.ts';
import type { Connection, ConnectionPool } from './pool.ts';
import { transact } from './transaction.ts';

/*
 * Migration 0002: every table that grows has its provider in its keys, so that it can be spread by it. As a ledger in
 * use is brought there, others write on: what takes long is prepared beside them, each step by itself and safe to be
 * broken off, and the migration only swaps the keys.
 */

interface Index {
  table: keyof Schema;
  name: string;
  columns: string;
  where?: string;
}

/** A constraint, by the name that PostgreSQL gave it. */
interface Key extends Index {
  kind: 'primary key' | 'unique';
}

const primary = (table: keyof Schema, columns: string): Key => ({
  table,
  name: `${table}_pkey`,
  kind: 'primary key',
  columns: `${columns}, provider_id`,
});
const unique = (table: keyof Schema, column: string): Key => ({
  table,
  name: `${table}_${column}_key`,
  kind: 'unique',
  columns: `${column}, provider_id`,
});

/** In the order in which those who write lock them. */
const keys: readonly Key[] = [
  primary('trackings', 'id'),
  primary('clicks', 'id'),
  unique('clicks', 'referral'),
  primary('subscriptions', 'position'),
  unique('subscriptions', 'id'),
  primary('reports', 'position'),
  unique('reports', 'id'),
  primary('rejections', 'id'),
  unique('rejections', 'latest_id'),
  // Led by the provider, since fingerprints come in no order: what it refuses touches pages of its own.
  { ...unique('rejections', 'fingerprint'), columns: 'provider_id, fingerprint' },
  primary('order_attempts', 'order_id, number'),
  primary('orders', 'id'),
  unique('orders', 'token'),
];

/** In the places of those of the same names. */
const indexes: readonly Index[] = [
  { table: 'reports', name: 'reports_by_period', columns: 'provider_id, subscription, period, position' },
  {
    table: 'reports',
    name: 'reports_counted',
    columns: 'provider_id, subscription, period, position',
    where: 'count is not null',
  },
];

/** What instances of the version before name in `on conflict`. */
const conflictTargets: readonly Index[] = [
  { table: 'rejections', name: 'rejections_fingerprint_before', columns: 'fingerprint' },
  { table: 'orders', name: 'orders_token_before', columns: 'token' },
];

const addColumns = [
  'alter table rejections add column if not exists provider_id integer not null default 0',
  'alter table order_attempts add column if not exists provider_id integer not null default 0',
];

/** Instances of the version before know nothing of the new columns: these fill them. */
const fillNewRows = [
  `create or replace function onramp_own_rejection() returns trigger language plpgsql as $$
    begin
      new.provider_id := coalesce((select id from providers where partner_key = substr(new.pool, 10)), 0);
      return new;
    end $$`,
  `create or replace function onramp_own_attempt() returns trigger language plpgsql as $$
    begin
      new.provider_id := (select provider_id from orders where id = new.order_id);
      return new;
    end $$`,
  // What comes of unknown keys has no provider to be looked for.
  `create or replace trigger onramp_own before insert on rejections
    for each row when (new.provider_id = 0 and new.pool like 'provider:%') execute function onramp_own_rejection()`,
  `create or replace trigger onramp_own before insert on order_attempts
    for each row when (new.provider_id = 0) execute function onramp_own_attempt()`,
];
const fillOldRows = [
  `update rejections set provider_id = providers.id from providers
    where rejections.provider_id = 0 and pool = 'provider:' || partner_key`,
  `update order_attempts set provider_id = orders.provider_id from orders
    where order_attempts.provider_id = 0 and orders.id = order_id`,
];

const led = (name: string) => `${name}_led`;

function createIndex(how: string, { table, name, columns, where }: Index): string {
  return `create ${how} ${name} on ${table} (${columns}) ${where ? `where ${where}` : ''}`;
}

/**
 * Who waits for a table holds up all others that come for it. But an autovacuum, which may take hours, is only ended for
 * who has waited for a second: https://www.postgresql.org/docs/current/runtime-config-locks.html#GUC-DEADLOCK-TIMEOUT
 */
const waitShortly = 'set local lock_timeout = 1500';

/** The migration: where the indexes were prepared it waits for each table for a moment, and holds it for as long. */
export const leadByProvider: readonly string[] = [
  waitShortly,
  ...addColumns,
  'alter table order_attempts drop constraint order_attempts_order_id_fkey',
  ...keys.flatMap(({ kind, ...key }) => [
    createIndex('unique index if not exists', { ...key, name: led(key.name) }),
    `alter table ${key.table} drop constraint ${key.name},
      add constraint ${key.name} ${kind} using index ${led(key.name)}`,
  ]),
  ...indexes.flatMap((index) => [
    createIndex('index if not exists', { ...index, name: led(index.name) }),
    `drop index ${index.name}`,
    `alter index ${led(index.name)} rename to ${index.name}`,
  ]),
  // Nobody's rejections are looked for among all providers' any more.
  'drop index rejections_by_belief',
];

/**
 * What the migration needs of a ledger in use, while instances of the version before write to it; to be called by one at
 * a time. What they can't write without stays: the next version takes it away.
 */
export async function prepareToLead(pool: ConnectionPool): Promise<void> {
  await withPatience(() =>
    transact(pool, `${waitShortly};`, async (connection) => {
      // Nobody can write while they wait for their locks, and who was killed may have left a statement that goes on.
      if (await hasNewColumns(connection)) return;
      for (const statement of [...addColumns, ...fillNewRows]) await connection.query(statement);
    }),
  );
  await withPatience(() =>
    transact(pool, '', async (connection) => {
      for (const statement of fillOldRows) await connection.query(statement);
    }),
  );
  const wanted = [
    ...[...keys, ...conflictTargets].map((index) => ({ ...index, how: 'unique index concurrently' })),
    ...indexes.map((index) => ({ ...index, how: 'index concurrently' })),
  ].map((index) =>
    conflictTargets.some(({ name }) => name === index.name) ? index : { ...index, name: led(index.name) },
  );
  const connection = await pool.connect();
  try {
    for (const { how, ...index } of wanted) {
      const { rows } = await connection.query<{ isValid: boolean }>(
        'select indisvalid as "isValid" from pg_index where indexrelid = to_regclass($1)',
        [index.name],
      );
      if (rows[0]?.isValid) continue;
      // Broken off, it stays and is of no use: https://www.postgresql.org/docs/current/sql-createindex.html
      await connection.query(`drop index concurrently if exists ${index.name}`);
      await connection.query(createIndex(how, index));
    }
  } finally {
    connection.release();
  }
}

/** They come together, the last with all before it. */
async function hasNewColumns(connection: Connection): Promise<boolean> {
  const { rows } = await connection.query(
    `select from pg_attribute where attrelid = 'order_attempts'::regclass and attname = 'provider_id'`,
  );
  return rows.length > 0;
}

const lockNotAvailable = '55P03';
const maxTries = 60;
const pauseMs = 1_000;

/** Tries again where somebody reads on and on: who waited for them would hold up all others that come. */
export async function withPatience<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === maxTries || codeOf(error) !== lockNotAvailable) throw error;
    }
    await pause(pauseMs);
  }
}
