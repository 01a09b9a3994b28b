import { openPostgres } from './postgres/postgres.ts';
import { openSqlite } from './sqlite/sqlite.ts';
import { createStore, type Store } from './store.ts';

/**
 * Opens the ledger and brings its tables up to date.
 *
 * @param database the path of a SQLite file, which is created where it isn't there, or the address of a PostgreSQL
 *   database
 * @throws Error for any other address: a file of that name would be made, and purchases kept where nobody looks
 */
export async function openDatabase(database: string): Promise<Store> {
  if (isAddress(database) && !isPostgres(database)) throw new Error(`${unknownAddress}.`);
  return await createStore(await (isPostgres(database) ? openPostgres(database) : openSqlite(database)));
}

/** What is said of the address of another kind of database, or of one that is misspelt. */
export const unknownAddress =
  'of addresses, only those that begin with postgres:// are known; all else is the path of a file';

/** Whether it names a kind of database before a place, as no path of a file does. */
export function isAddress(database: string): boolean {
  return /^[a-z][a-z\d+.-]*:\/\//i.test(database);
}

export function isPostgres(database: string): boolean {
  return /^postgres(ql)?:\/\//i.test(database);
}
