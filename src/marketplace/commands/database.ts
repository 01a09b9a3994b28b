import { Option } from 'commander';
import { isPostgres, openDatabase } from '../store/open.ts';
import { type Store, StoreUnavailableError } from '../store/store.ts';
import { orVariable } from './arguments.ts';
import { CommandFailure } from './failure.ts';

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
      `The database ${withoutPassword(database)} cannot be opened: ${reasonOf(error)}`,
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

function reasonOf(error: unknown): string {
  const cause = error instanceof StoreUnavailableError ? error.cause : error;
  // Several addresses of one host that all refuse make an error without a message.
  const [first = cause] = cause instanceof AggregateError ? cause.errors : [];
  return first instanceof Error ? first.message : String(first);
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
