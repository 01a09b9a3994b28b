// The thread that moves a SQLite file's log into the file, started by checkpointer.ts with the file's path.
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import SqliteConnection from 'better-sqlite3';

/** How long the log waits to be moved, in milliseconds: while it fills quickly, and else. */
const busyPauseMs = 100;
const idlePauseMs = 1_000;
/** Moved pages from which on it fills quickly. */
const busyPages = 1_000;

const ending = new AbortController();
parentPort?.once('message', () => ending.abort());

const connection = new SqliteConnection(String(workerData));
connection.pragma('synchronous = FULL');

/** Of the log's pages, as many as were moved when it was looked at last; the log begins anew when all are. */
let movedBefore = 0;

/** Moves what nobody reads any more, and keeps nobody from reading or writing; returns how many pages. */
function movePages(): number {
  try {
    const [state] = connection.pragma('wal_checkpoint(passive)') as { checkpointed: number }[];
    const moved = state?.checkpointed ?? 0;
    const pages = moved < movedBefore ? moved : moved - movedBefore;
    movedBefore = moved;
    return pages;
  } catch {
    // The writer meets the same trouble, and says so.
    return 0;
  }
}

while (!ending.signal.aborted) {
  const pauseMs = movePages() > busyPages ? busyPauseMs : idlePauseMs;
  await pause(pauseMs, undefined, { signal: ending.signal }).catch(() => undefined);
}
connection.close();
