import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../../test/support/postgres.ts';
import { dropPostgresDatabase, queryPostgres } from '../../test/support/postgresDatabases.ts';
import { type FigureWords, insertGroups, insertQuarters, insertSums, variety } from './figureRows.ts';
import { type Engine, firstIdAt, type Ledger, spreadOverTwoYears } from './ledgers.ts';
import { insertProviders } from './providerRows.ts';

/** Memory and log as its documentation advises for a server that has work; all else as it is installed. */
const settings = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '2GB',
  max_wal_size: '4GB',
};

/** Ledgers in a server of its own, each in a database of its own. */
export async function startPostgresql(): Promise<Engine> {
  const server = await startPostgres({ settings });
  const [row] = await queryPostgres(server.url(), 'show server_version');
  const [processId] = (await readFile(join(server.data, 'postmaster.pid'), 'utf8')).split('\n');
  return {
    name: 'PostgreSQL',
    version: /^[\d.]+/.exec(String(row?.server_version))?.[0] ?? '',
    instanceCounts: [1, 2],
    processId: Number(processId),
    createLedger: async () => ledgerAt(server.url(), await server.createDatabase()),
    copyLedger: async ({ database }) =>
      ledgerAt(server.url(), await server.createDatabase(new URL(database).pathname.slice(1))),
    stop: () => server.remove(),
  };
}

function ledgerAt(server: string, database: string): Ledger {
  const askNumber = async (sql: string) => {
    const [row] = await queryPostgres(database, `select ${sql} as number`);
    return Number(row?.number);
  };
  return {
    database,
    countSince: (time, run) => {
      const first = firstIdAt(time).toString('hex');
      return askNumber(
        `(select count(*) from trackings where id >= decode('${first}', 'hex') and order_id like '${run}%')`,
      );
    },
    fill: (rows, report) => fillPostgres(database, rows, report),
    async addProviders(count) {
      for (const statement of insertProviders(count)) await queryPostgres(database, statement);
      await queryPostgres(database, 'vacuum (analyze)');
    },
    bytes: () => askNumber('pg_database_size(current_database())'),
    remove: () => dropPostgresDatabase(server, database),
  };
}

const batchSize = 100_000;

/** Providers of a new ledger are numbered one after the other. */
const providerOf = '(select min(id) from providers) + n % (select count(*) from providers)';

/** What differs from purchase to purchase, by column; n is its number and at its time. */
const own: Record<string, string> = {
  id: `decode(lpad(to_hex(at), 12, '0') || '7' || lpad(to_hex(n & 4095), 3, '0') || '8'
    || substr(md5(random()::text), 1, 15), 'hex')`,
  dedupe_key: 'substr(sha256(n::text::bytea), 1, length(sample.dedupe_key))',
  provider_id: providerOf,
  customer_id: "'customer-' || lpad(to_hex(floor(random() * 4294967296)::bigint), 8, '0')",
  order_id: "'filled------' || lpad(n::text, 9, '0')",
  purchased_at: 'at',
  landed_at: 'at',
  received_at: 'at',
  // Links for the provider.
  minted_for: providerOf,
  clicked_at: 'at',
  ...variety,
};

const words: FigureWords = {
  bytes: (first, second) =>
    `decode(lpad(to_hex((${first})::bigint), 16, '0') || lpad(to_hex((${second})::bigint), 16, '0'), 'hex')`,
  monthOf: (time) =>
    `extract(epoch from date_trunc('month', to_timestamp(${time} / 1000) at time zone 'UTC'))::bigint * 1000`,
};

/** Adds so many purchases, copies of the first, with ids, keys, customers and order ids of their own. */
export async function fillPostgres(
  database: string,
  rows: number,
  report: (written: number) => void,
): Promise<void> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  try {
    await client.query('create temp table sample as select * from trackings limit 1');
    const found = await client.query(
      "select column_name as name from information_schema.columns where table_name = 'trackings'",
    );
    const names: string[] = found.rows.map(({ name }) => name);
    const { firstAt, stepMs } = spreadOverTwoYears(rows);
    await client.query(insertGroups(words, 'generate_series(0, 71) as n'));
    for (let from = 0; from < rows; from += batchSize) {
      const to = Math.min(from + batchSize, rows);
      const numbers = `(select n, ${firstAt} + n * ${stepMs} as at
        from generate_series(${from}::bigint, ${to - 1}::bigint) as n) as numbers`;
      await client.query(
        `insert into trackings (${names.join(', ')})
         select ${names.map((name) => own[name] ?? `sample.${name}`).join(', ')} from sample, ${numbers}`,
      );
      await client.query(insertQuarters(words, numbers, providerOf));
      report(to);
    }
    for (const statement of insertSums(words)) await client.query(statement);
    for (const table of ['trackings', 'figures', 'figure_groups'])
      await client.query(`vacuum (analyze) ${table}`);
    await client.query('checkpoint');
  } finally {
    await client.end();
  }
}
