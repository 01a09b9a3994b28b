import Database from 'better-sqlite3';
import { StoreUnavailableError } from '../store.ts';

/** Faults of what was written, which every further try would meet again. All others are the database's. */
const faultOfRecord = /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|RANGE)/;

/** Runs the work; what the database is to blame for becomes a StoreUnavailableError. */
export async function guard<Result>(
  connection: Database.Database,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const unavailable =
      !connection.open || (error instanceof Database.SqliteError && !faultOfRecord.test(error.code));
    throw unavailable ? new StoreUnavailableError(error) : error;
  }
}
