import { openPostgres } from './postgres/postgres.ts';
import { openSqlite } from './sqlite/sqlite.ts';
import { createStore, type Store } from './store.ts';

/**
 * Opens the ledger and brings its tables up to date.
 *
 * @param database the path of a SQLite file, which is created where it isn't there, or the address of a PostgreSQL
 *   database
 */
export async function openDatabase(database: string): Promise<Store> {
  return await createStore(await (isPostgres(database) ? openPostgres(database) : openSqlite(database)));
}

export function isPostgres(database: string): boolean {
  return /^postgres(ql)?:\/\//i.test(database);
}
