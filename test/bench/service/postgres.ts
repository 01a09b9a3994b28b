import { openDatabase } from '../../../src/marketplace/store/open.ts';
import { startPostgres } from '../../support/postgres.ts';
import { dropPostgresDatabase, queryPostgres } from '../../support/postgresDatabases.ts';
import { type Engine, firstIdAt, type Ledger } from './ledgers.ts';

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
  return {
    name: 'PostgreSQL',
    version: /^[\d.]+/.exec(String(row?.server_version))?.[0] ?? '',
    instanceCounts: [1, 2],
    createLedger: async () => createLedger(server.url(), await server.createDatabase()),
    stop: () => server.remove(),
  };
}

function createLedger(server: string, database: string): Ledger {
  const askNumber = async (sql: string) => {
    const [row] = await queryPostgres(database, `select ${sql} as number`);
    return Number(row?.number);
  };
  return {
    database,
    countSince: (time, run) => {
      const first = firstIdAt(time).replaceAll('-', '');
      return askNumber(
        `(select count(*) from trackings where id >= decode('${first}', 'hex') and order_id like '${run}%')`,
      );
    },
    async openToFill() {
      const { write, close } = await openDatabase(database);
      return { batchSize: 5_000, write, close };
    },
    async settle() {
      await queryPostgres(database, 'vacuum (analyze) trackings');
      await queryPostgres(database, 'checkpoint');
    },
    bytes: () => askNumber('pg_database_size(current_database())'),
    remove: () => dropPostgresDatabase(server, database),
  };
}
