import Database from 'better-sqlite3';
import { ledgerClosed, StoreUnavailableError } from '../errors.ts';

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

/** What an error of the connection is to the service; one that is no database's stays as it is. */
export function judgeError(connection: Database.Database, error: unknown): unknown {
  if (error instanceof StoreUnavailableError) return error;
  const { code, message } = error instanceof Database.SqliteError ? error : { code: '', message: '' };
  if (message === ledgerClosed.message) return new StoreUnavailableError(error, ledgerClosed.reason);
  const isUnavailable = !connection.open || (code !== '' && !faultOfRecord.test(code));
  return isUnavailable
    ? new StoreUnavailableError(error, reasons.find(([start]) => code.startsWith(start))?.[1])
    : error;
}
