import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';

/** How long one try waits for another process's lock, while the event loop stands still. */
export const tryMs = 250;
const pauseMs = 250;
const maxTries = 4;

/** Tries the work for less than 2 s; between the tries the service answers whoever needs no lock. */
export async function withPatience<Result>(work: () => Result): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return work();
    } catch (error) {
      if (tries === maxTries || !isLocked(error)) throw error;
    }
    await pause(pauseMs);
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
}
