import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
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

async function migrateWithin(connection: Connection): Promise<void> {
  const database = new Kysely<unknown>({ dialect: createDialect(poolOf(connection)) });
  const migrator = new Migrator({ db: database, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest({ disableTransactions: true });
  if (error) throw error;
}
