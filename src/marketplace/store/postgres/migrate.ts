import { Kysely } from 'kysely';
import type { Words } from '../database.ts';
import { migrateToLatest } from '../migrations.ts';
import type { Schema } from '../schema.ts';
import { createDialect, poolOf } from './dialect.ts';
import { prepareToLead, withPatience } from './ledByProvider.ts';
import { migrating, showLock, takeLocks, tryLock } from './locks.ts';
import { type Connection, type ConnectionPool, createPool } from './pool.ts';
import { transact } from './transaction.ts';

/**
 * Brings the database's tables up to date, all or nothing, however long it takes. Whoever starts at the same moment
 * waits, and then finds nothing left to do.
 */
export async function migrate(url: string, words: Words): Promise<void> {
  // The second connection is for a look at the lock from outside.
  const pool = createPool(url, 2, 0);
  try {
    await withPatience(() =>
      transact(
        pool,
        // What is prepared beside it may take long.
        `set local lock_timeout = 0; set local idle_in_transaction_session_timeout = 0;
        ${takeLocks({ hold: [migrating] })}`,
        async (connection) => {
          // Its answer comes when the lock is there, and only on this connection would the rest wait for that.
          const { rows } = await connection.query<{ shown: boolean }>(showLock(migrating));
          // A second connection would wait for ever behind a pooler that has only one.
          if (!rows[0]?.shown) await requireLocked(pool, migrating);
          if (await isBefore(connection, '0002-led-by-provider')) await prepareToLead(pool);
          await migrateWithin(connection, words);
        },
      ),
    );
  } finally {
    await pool.end();
  }
}

/** Whether the database has tables, but not yet those of the migration. */
async function isBefore(connection: Connection, migration: string): Promise<boolean> {
  const { rows } = await connection.query<{ isThere: boolean }>(
    `select to_regclass('kysely_migration') is not null as "isThere"`,
  );
  if (!rows[0]?.isThere) return false;
  const found = await connection.query('select from kysely_migration where name = $1', [migration]);
  return found.rows.length === 0;
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
