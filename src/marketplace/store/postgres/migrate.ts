import { Kysely } from 'kysely';
import { migrateToLatest } from '../sql/migrateToLatest.ts';
import { createDialect, poolOf } from './dialect.ts';
import { lock, migrating } from './locks.ts';
import { migrations } from './migrations.ts';
import { type Connection, createPool } from './pool.ts';
import { transact } from './transaction.ts';

/**
 * Brings the database's tables up to date, all or nothing, however long it takes. Whoever starts at the same moment
 * waits, and then finds nothing left to do.
 */
export async function migrate(url: string): Promise<void> {
  const pool = createPool(url, 1, 0);
  try {
    await transact(pool, `set local lock_timeout = 0; ${lock(migrating)}`, migrateWithin);
  } finally {
    await pool.end();
  }
}

/** Kysely asks on after an error, and a transaction that has failed only answers that it has: the first says why. */
async function migrateWithin(connection: Connection): Promise<void> {
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
    await migrateToLatest(new Kysely({ dialect: createDialect(poolOf(noting)) }), migrations);
  } catch (error) {
    throw errors[0] ?? error;
  }
}
