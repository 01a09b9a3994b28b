import { setTimeout as pause } from 'node:timers/promises';
import { Kysely } from 'kysely';
import type { Words } from '../database.ts';
import { migrateToLatest } from '../migrations.ts';
import type { Schema } from '../schema.ts';
import { createDialect, poolOf } from './dialect.ts';
import { prepareToLead, withPatience } from './ledByProvider.ts';
import { migrating, preparing, showLock, takeLocks, tryLock } from './locks.ts';
import { type Connection, type ConnectionPool, createPool } from './pool.ts';
import { transact } from './transaction.ts';

/**
 * Brings the database's tables up to date, all or nothing, however long it takes. Whoever starts at the same moment
 * waits, and then finds nothing left to do.
 */
export async function migrate(url: string, words: Words): Promise<void> {
  const isInUse = await askInTime(url);
  // The others are for a look at a lock from outside, and for what takes long in a ledger in use.
  const pool = createPool(url, 3, 0);
  try {
    if (isInUse) await migrateInUse(pool, words);
    await migrateAlone(pool, words);
  } finally {
    await pool.end();
  }
}

/**
 * A pooler takes connections also while its server is away, and lets their first question wait for minutes. Where it has
 * a single session, others may be bringing the tables up to date on it.
 */
const firstAnswerMs = 15_000;

async function askInTime(url: string): Promise<boolean> {
  const pool = createPool(url, 1, firstAnswerMs);
  try {
    return await lacks(pool, '0002-led-by-provider');
  } finally {
    await pool.end();
  }
}

async function migrateAlone(pool: ConnectionPool, words: Words): Promise<void> {
  await transact(
    pool,
    `set local lock_timeout = 0; ${takeLocks({ hold: [migrating] })}`,
    async (connection) => {
      // Its answer comes when the lock is there, and only on this connection would the rest wait for that.
      const { rows } = await connection.query<{ shown: boolean }>(showLock(migrating));
      // A second connection would wait for ever behind a pooler that has only one.
      if (!rows[0]?.shown) await requireLocked(pool, migrating);
      await migrateWithin(connection, words);
    },
  );
}

const pauseMs = 100;

/**
 * Who prepares says nothing on the connection with its lock for as long as indexes take, which may be hours. Whether its
 * machine is still there is asked by TCP, where there is no limit of time: one that was cut off would keep all others from
 * starting.
 */
const keptWhileSilent = `set local idle_in_transaction_session_timeout = 0;
  set local tcp_keepalives_idle = 10;
  set local tcp_keepalives_interval = 5;
  set local tcp_keepalives_count = 3;`;

/**
 * Prepares the ledger beside those who write to it, and migrates it then; by one at a time. Who waits asks again and
 * again, since making an index waits for all whose statements were begun before, as one would be that waits for a lock.
 * Nor is it the lock for which instances of the version before wait as they start.
 */
async function migrateInUse(pool: ConnectionPool, words: Words): Promise<void> {
  for (;;) {
    const isDone = await transact(pool, keptWhileSilent, async (connection) => {
      const { rows } = await connection.query<{ taken: boolean }>(tryLock(preparing));
      if (!rows[0]?.taken) return false;
      if (!(await lacks(pool, '0002-led-by-provider'))) return true;
      await prepareToLead(pool);
      await withPatience(() => migrateAlone(pool, words));
      return true;
    });
    if (isDone) return;
    await pause(pauseMs);
  }
}

/** Whether the database has tables, but not yet those of the migration. */
async function lacks(pool: ConnectionPool, migration: string): Promise<boolean> {
  const connection = await pool.connect();
  try {
    const { rows } = await connection.query<{ isThere: boolean }>(
      `select to_regclass('kysely_migration') is not null as "isThere"`,
    );
    if (!rows[0]?.isThere) return false;
    const found = await connection.query('select from kysely_migration where name = $1', [migration]);
    return found.rows.length === 0;
  } finally {
    connection.release();
  }
}

/**
 * Some databases that speak PostgreSQL's protocol take its locks for granted: CockroachDB before 26.3 has functions of
 * these names that do nothing. There, instances could count a purchase twice.
 *
 * @throws Error where the lock that another connection holds can be taken
 */
async function requireLocked(pool: ConnectionPool, name: string): Promise<void> {
  const isLocked = await transact(pool, '', async (connection) => {
    const { rows } = await connection.query<{ taken: boolean }>(tryLock(name));
    return rows[0]?.taken === false;
  });
  if (!isLocked) throw new Error('it has no advisory locks, without which instances would count twice');
}

/** Kysely asks on after an error, and a transaction that has failed only answers that it has: the first says why. */
async function migrateWithin(connection: Connection, words: Words): Promise<void> {
  const errors: unknown[] = [];
  const noting: Connection = {
    ...connection,
    query: (text, values) =>
      connection.query<never>(text, values).catch((error: unknown) => {
        errors.push(error);
        throw error;
      }),
  };
  try {
    await migrateToLatest(new Kysely<Schema>({ dialect: createDialect(poolOf(noting)) }), words);
  } catch (error) {
    throw errors[0] ?? error;
  }
}
