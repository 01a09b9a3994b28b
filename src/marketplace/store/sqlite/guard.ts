import Database from 'better-sqlite3';
import { StoreUnavailableError } from '../store.ts';

/** Faults of what was written, which every further try would meet again. All others are the database's. */
const faultOfRecord = /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|RANGE)/;

/** By the beginning of SQLite's code (https://sqlite.org/rescode.html): what an operator has to look at. */
const reasons: readonly [code: string, reason: string][] = [
  ['SQLITE_FULL', 'the disk of its database is full'],
  ['SQLITE_BUSY', 'another process has locked its database'],
  ['SQLITE_READONLY', 'its database may only be read'],
  ['SQLITE_CANTOPEN', 'the files of its database cannot be opened'],
  ['SQLITE_IOERR', 'its database cannot be read from the disk or written to it'],
  ['SQLITE_CORRUPT', 'its database is damaged'],
  ['SQLITE_NOTADB', 'its database is damaged'],
];

/** Runs the work; what the database is to blame for becomes a StoreUnavailableError. */
export async function guard<Result>(
  connection: Database.Database,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreUnavailableError) throw error;
    const unavailable =
      !connection.open || (error instanceof Database.SqliteError && !faultOfRecord.test(error.code));
    throw unavailable ? new StoreUnavailableError(error, reasonFor(error)) : error;
  }
}

function reasonFor(error: unknown): string | undefined {
  const code = error instanceof Database.SqliteError ? error.code : '';
  return reasons.find(([start]) => code.startsWith(start))?.[1];
}
