import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { createDialect, poolOf } from './dialect.ts';
import { lock, migrating, tryLock } from './locks.ts';
import { migrations } from './migrations.ts';
import { type Connection, type ConnectionPool, createPool } from './pool.ts';
import { transact } from './transaction.ts';

/**
 * Brings the database's tables up to date, all or nothing, however long it takes. Whoever starts at the same moment
 * waits, and then finds nothing left to do.
 */
export async function migrate(url: string): Promise<void> {
  // The second connection is for the look at the lock.
  const pool = createPool(url, 2, 0);
  try {
    await transact(pool, `set local lock_timeout = 0; ${lock(migrating)}`, async (connection) => {
      await requireLocked(pool, migrating);
      await migrateWithin(connection);
    });
  } finally {
    await pool.end();
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

async function migrateWithin(connection: Connection): Promise<void> {
  const database = new Kysely<unknown>({ dialect: createDialect(poolOf(connection)) });
  const migrator = new Migrator({ db: database, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest({ disableTransactions: true });
  if (error) throw error;
}
