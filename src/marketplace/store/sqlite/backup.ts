import { closeSync, existsSync, fsyncSync, openSync, rmSync } from 'node:fs';
import { openReader } from './sqlite.ts';

/**
 * Writes the ledger as it stands at this moment into a new file, readable by its owner only, while a service goes on
 * writing (https://sqlite.org/lang_vacuum.html#vacuuminto). On disk when it returns.
 *
 * @throws Error when there is no such ledger, the target exists or can't be written
 */
export function backUpSqlite(path: string, target: string): void {
  if (!existsSync(path)) throw new Error(`There is no database at ${path}.`);
  // SQLite takes an empty file for a new one, and lets it keep its mode.
  const file = openSync(target, 'wx', 0o600);
  try {
    const reader = openReader(path);
    try {
      reader.prepare('vacuum into ?').run(target);
    } finally {
      reader.close();
    }
    fsyncSync(file);
  } catch (error) {
    rmSync(target, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}
