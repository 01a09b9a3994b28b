import { constants, copyFile, mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { type FigureWords, insertGroups, insertQuarters, insertSums, variety } from './figureRows.ts';
import { type Engine, firstIdAt, type Ledger, spreadOverTwoYears } from './ledgers.ts';
import { insertProviders } from './providerRows.ts';

/** Ledgers in files, each in a folder of its own. */
export async function startSqlite(): Promise<Engine> {
  const folder = await mkdtemp(join(tmpdir(), 'onramp-bench-'));
  const createLedger = async () => ledgerIn(await mkdtemp(join(folder, 'ledger-')));
  return {
    name: 'SQLite',
    version: sqliteVersion(),
    // More take turns at one lock, and whoever waits for it waits long.
    instanceCounts: [1],
    createLedger,
    async copyLedger({ database }) {
      const copy = await createLedger();
      await copyFile(database, copy.database, constants.COPYFILE_FICLONE);
      await sync(copy.database);
      return copy;
    },
    stop: () => rm(folder, { recursive: true }),
  };
}

function ledgerIn(folder: string): Ledger {
  const database = join(folder, 'ledger.db');
  return {
    database,
    async countSince(time, run) {
      const connection = new Database(database, { readonly: true });
      const count = connection.prepare<[Uint8Array, string], number>(
        "select count(*) from trackings where id >= ? and order_id like ? || '%'",
      );
      const rows = count.pluck().get(firstIdAt(time), run) ?? 0;
      connection.close();
      return rows;
    },
    async fill(rows, report) {
      fillSqlite(database, rows, report);
      await sync(database);
    },
    async addProviders(count) {
      const connection = new Database(database);
      for (const statement of insertProviders(count)) connection.exec(statement);
      connection.close();
      await sync(database);
    },
    async bytes() {
      const files = await Promise.all(
        (await readdir(dirname(database))).map((name) => stat(join(dirname(database), name))),
      );
      return files.reduce((sum, { size }) => sum + size, 0);
    },
    remove: () => rm(folder, { recursive: true }),
  };
}

const batchSize = 200_000;

/** Providers of a new ledger are numbered one after the other. */
const providerOf = '(select min(id) from providers) + n % (select count(*) from providers)';

/** What differs from purchase to purchase, by column; n is its number and :at its time. */
const own: Record<string, string> = {
  id: "unhex(printf('%012x7%03x8', at, n & 4095) || substr(hex(randomblob(8)), 2))",
  dedupe_key: 'randomblob(length(sample.dedupe_key))',
  provider_id: providerOf,
  customer_id: "printf('customer-%08x', random() & 4294967295)",
  order_id: "printf('filled------%09d', n)",
  purchased_at: 'at',
  landed_at: 'at',
  received_at: 'at',
  // Links for the provider.
  minted_for: providerOf,
  clicked_at: 'at',
  ...variety,
};

const words: FigureWords = {
  bytes: (first, second) => `unhex(printf('%016x%016x', ${first}, ${second}))`,
  monthOf: (time) => `unixepoch(${time} / 1000, 'unixepoch', 'start of month') * 1000`,
};

/**
 * Adds so many purchases to the file, copies of the first that it has, with ids, keys, customers and order ids of their
 * own. Nobody else may have it open.
 *
 * Without log and sync, in one transaction and with 2 GiB of cache, for all indexes: each batch touches most of their
 * pages, which would be written a hundred times over. They grow as they would have: made at the end, they would have
 * no room.
 */
export function fillSqlite(database: string, rows: number, report: (written: number) => void): void {
  const connection = new Database(database);
  connection.pragma('journal_mode = OFF');
  connection.pragma('synchronous = OFF');
  connection.pragma(`cache_size = -${2 * 1024 * 1024}`);
  connection.exec('create temp table sample as select * from trackings limit 1');
  const columns = connection.prepare<[], string>("select name from pragma_table_info('trackings')").pluck();
  const names = columns.all();
  const numbers = `with recursive numbers (n, at) as (
    select cast(:from as integer), cast(:firstAt + :from * :stepMs as integer)
    union all select n + 1, at + cast(:stepMs as integer) from numbers where n + 1 < :to)`;
  const count = connection.prepare(`${numbers} ${insertQuarters(words, 'numbers', providerOf)}`);
  const insert = connection.prepare(
    `${numbers}
     insert into trackings (${names.join(', ')})
     select ${names.map((name) => own[name] ?? `sample.${name}`).join(', ')} from numbers, sample`,
  );
  const { firstAt, stepMs } = spreadOverTwoYears(rows);
  connection.exec('begin');
  connection.exec(
    `with recursive numbers (n) as (select 0 union all select n + 1 from numbers where n < 71)
     ${insertGroups(words, 'numbers')}`,
  );
  for (let from = 0; from < rows; from += batchSize) {
    const to = Math.min(from + batchSize, rows);
    insert.run({ from, to, firstAt, stepMs });
    count.run({ from, to, firstAt, stepMs });
    report(to);
  }
  for (const statement of insertSums(words)) connection.exec(statement);
  connection.exec('commit');
  connection.close();
}

/** What is written later in the background would slow the first rounds down. */
async function sync(path: string): Promise<void> {
  const file = await open(path);
  await file.sync();
  await file.close();
}

function sqliteVersion(): string {
  const connection = new Database(':memory:');
  const version = connection.prepare<[], string>('select sqlite_version()').pluck().get() ?? '';
  connection.close();
  return version;
}
