import { Option } from 'commander';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import type { Store } from '../store/store.ts';
import { orVariable } from './arguments.ts';
import { CommandFailure } from './failure.ts';

/** The options of every command. */
export interface CommonOptions {
  database: string;
  json?: true;
}

export const databaseOption = () =>
  orVariable(
    new Option('--database <file>', 'the SQLite file, created when it is not there'),
    'DATABASE_URL',
  ).default('./data/onramp.db');
export const jsonOption = () => new Option('--json', 'print one line of JSON, for programs');

export const onlySqlite = 'this version keeps its ledger in SQLite only: give --database the path of a file';

export function isPostgres(database: string): boolean {
  return /^postgres(ql)?:\/\//.test(database);
}

/** @throws CommandFailure when it can't be opened */
export async function openStore(database: string): Promise<Store> {
  // Without the address, which may hold a password.
  if (isPostgres(database)) throw new CommandFailure(`The database is wrong: ${onlySqlite}.`, 2);
  try {
    return await openSqliteStore(database);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandFailure(`The database ${database} cannot be opened: ${reason}`);
  }
}

/** Opens the store for the time of the work. */
export async function withStore<Result>(
  { database }: CommonOptions,
  work: (store: Store) => Promise<Result>,
): Promise<Result> {
  const store = await openStore(database);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
