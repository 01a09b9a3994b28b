import { Option } from 'commander';
import { escapeControls } from '../../wire/text.ts';
import { StoreUnavailableError } from '../store/errors.ts';
import { isAddress, isPostgres, openDatabase } from '../store/open.ts';
import { withoutPassword } from '../store/postgres/address.ts';
import type { Store } from '../store/store.ts';
import { orVariable } from './arguments.ts';

/** Where a command says what it did, and what went wrong. */
export interface Terminal {
  out: (text: string) => unknown;
  error: (text: string) => unknown;
}

/** The same terminal, shown nothing that it obeys. */
export function withoutControls({ out, error }: Terminal): Terminal {
  return { out: (text) => out(escapeControls(text)), error: (text) => error(escapeControls(text)) };
}

/** The options of every command; the terminal is put among them by `main`. */
export interface CommonOptions {
  database: string;
  json?: true;
  terminal: Terminal;
}

export const databaseOption = () =>
  orVariable(
    new Option(
      '--database <place>',
      'the SQLite file, created when it is not there, or postgres://user:password@host/database',
    ),
    'DATABASE_URL',
  ).default('./data/onramp.db');
/** The folder in which a service of the database keeps clicks that wait, where it is told no other. */
export function spoolOf(database: string): string {
  return isPostgres(database) ? './data/spool' : `${database}-spool`;
}

export const jsonOption = () => new Option('--json', 'print one line of JSON, for programs');

/** @throws CommandFailure when it can't be opened */
export async function openStore(database: string): Promise<Store> {
  try {
    return await openDatabase(database);
  } catch (error) {
    throw cannotOpen(database, error);
  }
}

export function cannotOpen(database: string, error: unknown): CommandFailure {
  return new CommandFailure(
    `The database ${isAddress(database) ? withoutPassword(database) : database} cannot be opened: ${messageOf(error)}`,
  );
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

/** Ends a command with a message for its user: exit code 2 for what the user has to write otherwise, else 1. */
export class CommandFailure extends Error {
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** What an error says to the user of a command; of the database's own error, where it is to blame. */
export function messageOf(error: unknown): string {
  const cause = error instanceof StoreUnavailableError ? error.cause : error;
  // Several addresses of one host that all refuse make an error without a message.
  const [first = cause] = cause instanceof AggregateError ? cause.errors : [];
  return first instanceof Error ? first.message : String(first);
}

/** Prints one line of JSON where --json asks for it, else the text for people. */
export function print(
  { json, terminal }: Pick<CommonOptions, 'json' | 'terminal'>,
  value: unknown,
  text: string,
): void {
  terminal.out(`${json ? JSON.stringify(value) : text}\n`);
}

/** Rows as aligned columns under their headings; the text instead when there are none. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  none: string,
): string {
  if (rows.length === 0) return none;
  // A cell is one line, whatever is in it.
  const lines = [headings, ...rows].map((line) => line.map((cell) => cell.replaceAll('\n', '\\u000a')));
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function noSuchProvider(partnerKey: string): CommandFailure {
  return new CommandFailure(
    `No provider has the partner key ${partnerKey}. See: onramp-marketplace provider list`,
  );
}
