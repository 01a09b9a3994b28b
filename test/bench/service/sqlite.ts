import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { toBytes } from '../../../src/marketplace/store/id.ts';
import { openWriter } from '../../../src/marketplace/store/sqlite/sqlite.ts';
import { prepareTrackings } from '../../../src/marketplace/store/sqlite/trackings.ts';
import { findKnown, writeTrackings } from '../../../src/marketplace/store/writeTrackings.ts';
import { type Engine, type Filling, firstIdAt, type Ledger } from './ledgers.ts';

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
    async countSince(time, run) {
      const connection = new Database(database, { readonly: true });
      const count = connection.prepare<[Uint8Array, string], number>(
        "select count(*) from trackings where id >= ? and order_id like ? || '%'",
      );
      const rows = count.pluck().get(toBytes(firstIdAt(time)), run) ?? 0;
      connection.close();
      return rows;
    },
    openToFill: async () => openToFill(database),
    settle: async () => undefined,
    async bytes() {
      const files = await Promise.all((await readdir(folder)).map((name) => stat(join(folder, name))));
      return files.reduce((sum, { size }) => sum + size, 0);
    },
    remove: () => rm(folder, { recursive: true }),
  };
}

/**
 * Without log and sync, and with 2 GiB of cache, for all indexes: each transaction touches most of their pages, which would be
 * written a hundred times over.
 */
function openToFill(database: string): Filling {
  const connection = openWriter(database);
  connection.pragma('journal_mode = OFF');
  connection.pragma('synchronous = OFF');
  connection.pragma(`cache_size = -${2 * 1024 * 1024}`);
  const statements = prepareTrackings(connection);
  return {
    batchSize: 200_000,
    async write(entries) {
      connection.exec('begin');
      const known = await findKnown(statements, entries);
      const outcomes = await writeTrackings(statements, entries, known);
      connection.exec('commit');
      return outcomes;
    },
    async close() {
      connection.close();
    },
  };
}

function sqliteVersion(): string {
  const connection = new Database(':memory:');
  const version = connection.prepare<[], string>('select sqlite_version()').pluck().get() ?? '';
  connection.close();
  return version;
}
