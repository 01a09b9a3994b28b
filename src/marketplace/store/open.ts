import { openSqliteStore } from './sqlite/sqlite.ts';
import type { Store } from './store.ts';

/** Opens the ledger in a SQLite file, which is created where it isn't there. */
export async function openDatabase(database: string): Promise<Store> {
  if (/^postgres(ql)?:\/\//.test(database)) throw new Error('This version keeps its ledger in SQLite only.');
  return await openSqliteStore(database);
}
