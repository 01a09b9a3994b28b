import { openPostgresStore } from './postgres/postgres.ts';
import { openSqliteStore } from './sqlite/sqlite.ts';
import type { Store } from './store.ts';

/**
 * Opens the ledger and brings its tables up to date.
 *
 * @param database the path of a SQLite file, which is created where it isn't there, or the address of a PostgreSQL
 *   database
 */
export async function openDatabase(database: string): Promise<Store> {
  return isPostgres(database) ? await openPostgresStore(database) : await openSqliteStore(database);
}

export function isPostgres(database: string): boolean {
  return /^postgres(ql)?:\/\//i.test(database);
}
