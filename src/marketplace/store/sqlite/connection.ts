import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';

/** How long a statement waits for another process's lock, in ms; the event loop stands still meanwhile. */
const busyTimeoutMs = 2_000;
/** 64 MiB: hashes and customers come in no order, so that a purchase touches pages all over its indexes. */
const cacheKiB = 64 * 1024;
/**
 * Half of what is usual: most pages that a purchase touches are those of indexes in no order, where it adds a few bytes,
 * and each is written whole, to the log and to the file. Only a new file takes it, before anything else.
 */
const pageBytes = 2_048;
/**
 * 20 MB of log before it is moved into the file. The same pages are changed again and again, and each is moved once;
 * beyond that the pause, in which nobody is answered, would grow more than the gain.
 */
const checkpointPages = 10_000;

/** Creates the file, readable by its owner only since it holds the providers' secrets, and its folder. */
export function createDatabaseFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  closeSync(openSync(path, 'a', 0o600));
}

/**
 * Opens the connection that writes. WAL lets reads go on beside it, and FULL syncs the log at each commit: what
 * is committed survives the loss of power (https://sqlite.org/pragma.html#pragma_synchronous).
 */
export function openWriter(path: string, timeout = busyTimeoutMs): Database.Database {
  const connection = new Database(path, { timeout });
  connection.pragma(`page_size = ${pageBytes}`);
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
  connection.pragma(`cache_size = -${cacheKiB}`);
  connection.pragma(`wal_autocheckpoint = ${checkpointPages}`);
  // What is deleted is overwritten: https://sqlite.org/pragma.html#pragma_secure_delete
  connection.pragma('secure_delete = ON');
  return connection;
}

/** Opens a connection that can only read. */
export function openReader(path: string): Database.Database {
  return new Database(path, { timeout: busyTimeoutMs, readonly: true });
}
