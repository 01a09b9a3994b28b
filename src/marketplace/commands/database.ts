import { Option } from 'commander';
import { isPostgres, openDatabase } from '../store/open.ts';
import type { Store } from '../store/store.ts';
import { orVariable } from './arguments.ts';
import { CommandFailure, messageOf } from './failure.ts';

/** The options of every command. */
export interface CommonOptions {
  database: string;
  json?: true;
}

export const databaseOption = () =>
  orVariable(
    new Option(
      '--database <place>',
      'the SQLite file, created when it is not there, or postgres://user:password@host/database',
    ),
    'DATABASE_URL',
  ).default('./data/onramp.db');
export const jsonOption = () => new Option('--json', 'print one line of JSON, for programs');

/** @throws CommandFailure when it can't be opened */
export async function openStore(database: string): Promise<Store> {
  try {
    return await openDatabase(database);
  } catch (error) {
    throw new CommandFailure(
      `The database ${withoutPassword(database)} cannot be opened: ${messageOf(error)}`,
    );
  }
}

/** The path or address as it may be shown. */
export function withoutPassword(database: string): string {
  if (!isPostgres(database)) return database;
  const url = URL.parse(database);
  // Anything could stand in an address that can't be read.
  return url ? `${url.protocol}//${url.host}${url.pathname}` : 'postgres://…';
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
