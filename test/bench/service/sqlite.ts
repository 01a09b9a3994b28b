import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { toBytes } from '../../../src/marketplace/store/sql/id.ts';
import { type Engine, firstIdAt, type Ledger } from './ledgers.ts';

/** Ledgers in files, each in a folder of its own. */
export async function startSqlite(): Promise<Engine> {
  const folder = await mkdtemp(join(tmpdir(), 'onramp-bench-'));
  return {
    name: 'SQLite',
    version: sqliteVersion(),
    // More take turns at one lock, and whoever waits for it waits long.
    instanceCounts: [1],
    createLedger: async () => createLedger(await mkdtemp(join(folder, 'ledger-'))),
    stop: () => rm(folder, { recursive: true }),
  };
}

function createLedger(folder: string): Ledger {
  const database = join(folder, 'ledger.db');
  return {
    database,
    async countSince(time) {
      const connection = new Database(database, { readonly: true });
      const count = connection.prepare<[Uint8Array], number>('select count(*) from trackings where id >= ?');
      const rows = count.pluck().get(toBytes(firstIdAt(time))) ?? 0;
      connection.close();
      return rows;
    },
    async settle() {
      const connection = new Database(database);
      connection.pragma('wal_checkpoint(TRUNCATE)');
      connection.close();
    },
    async bytes() {
      const files = await Promise.all((await readdir(folder)).map((name) => stat(join(folder, name))));
      return files.reduce((sum, { size }) => sum + size, 0);
    },
    remove: () => rm(folder, { recursive: true }),
  };
}

function sqliteVersion(): string {
  const connection = new Database(':memory:');
  const version = connection.prepare<[], string>('select sqlite_version()').pluck().get() ?? '';
  connection.close();
  return version;
}
