import type Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { migrateToLatest } from '../sql/migrateToLatest.ts';
import { migrations } from './migrations.ts';

/**
 * Brings the database's tables up to date, all or nothing. Kysely takes no lock for SQLite, so the
 * transaction is opened here, for writing at once: a second process that starts at the same moment waits and
 * then finds nothing left to do.
 */
export async function migrate(connection: Database.Database): Promise<void> {
  connection.exec('begin immediate');
  try {
    const database = new Kysely<unknown>({ dialect: new SqliteDialect({ database: connection }) });
    await migrateToLatest(database, migrations);
    connection.exec('commit');
  } catch (error) {
    if (connection.inTransaction) connection.exec('rollback');
    throw error;
  }
}
