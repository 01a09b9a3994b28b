import { Kysely, type SqlBool, sql } from 'kysely';
import type { Database, Tables, Words } from '../database.ts';
import type { Schema } from '../schema.ts';
import { createDialect, poolOf } from './dialect.ts';
import { eraseRemains } from './eraseRemains.ts';
import { foldFigures } from './figures.ts';
import { leadByProvider } from './ledByProvider.ts';
import { takeLocks } from './locks.ts';
import { migrate } from './migrate.ts';
import { readPlaces } from './places.ts';
import { type Connection, createPool } from './pool.ts';
import { createTrackingStatements, insertAtOnce } from './trackings.ts';
import { transact } from './transaction.ts';

/** While one batch waits for the disk, the next is on its way. More would only wait for each other. */
const batchesAtOnce = 2;
/** Beside those of the batches: for readiness and settling, and for what each message has to know. */
const otherLedgerConnections = 2;
/** For all else. Apart, so that lists that take long don't keep purchases waiting. */
const otherConnections = 8;

/**
 * The ledger in a PostgreSQL database, which any number of instances share; its tables are brought up to date when it
 * is opened. It holds the providers' secrets as they are, since verifying a signature takes the secret itself: only the
 * service's own role should be able to read it.
 *
 * @param url postgres://user:password@host:port/database
 * @param connect makes the pools of connections
 * @throws StoreUnavailableError when it can't be reached
 */
export async function openPostgres(url: string, connect = createPool): Promise<Database> {
  await migratePostgres(url);
  const pool = connect(url, otherConnections);
  const reader = new Kysely<Schema>({ dialect: createDialect(pool) });
  const [, places] = await Promise.all([requireWhole(reader), readPlaces(pool)]).catch(
    async (error: unknown) => {
      await pool.end();
      throw error;
    },
  );
  const { isSpread, count: placeCount, find: findPlace } = places;
  // A place that doesn't answer takes no connection that another one needs.
  const ledger = connect(url, batchesAtOnce * placeCount + otherLedgerConnections);
  const close = async () => void (await Promise.all([pool.end(), ledger.end()]));

  return {
    reader,
    ledgerReader: new Kysely<Schema>({ dialect: createDialect(ledger) }),
    transact: (work, locks) => transact(pool, takeLocks(locks), (connection) => work(tablesOf(connection))),
    transactLedger: (work, locks) =>
      transact(ledger, takeLocks(locks), (connection) =>
        work(tablesOf(connection), createTrackingStatements(connection, places)),
      ),
    insertAtOnce: (rows, locks) => insertAtOnce(ledger, rows, { locks: takeLocks(locks), places }),
    foldFigures: (before) => foldFigures(pool, before, findPlace),
    isSpread,
    batchesAtOnce,
    findPlace,
    words,
    checkFiles: async () => undefined,
    eraseRemains: () => eraseRemains(url),
    close,
  };
}

/** @throws Error where `move` has filled a part of it: see ../move/ */
async function requireWhole(reader: Tables): Promise<void> {
  const look = sql<{ isPart: boolean }>`select to_regclass('move_in') is not null as "isPart"`;
  const { rows } = await look.execute(reader);
  if (rows[0]?.isPart) {
    throw new Error('a ledger is being moved into it, which is not whole yet. Run `move` to its end');
  }
}

/** Brings the database's tables up to date. */
export function migratePostgres(url: string): Promise<void> {
  return migrate(url, words);
}

/** The tables as the transaction sees them that the connection is in. */
function tablesOf(connection: Connection): Tables {
  return new Kysely<Schema>({ dialect: createDialect(poolOf(connection)) });
}

export const words: Words = {
  columns: {
    position: 'bigint generated always as identity primary key',
    // As SQLite compares it.
    text: 'text collate "C"',
    flag: 'smallint',
    integer: 'integer',
    long: 'bigint',
    bytes: 'bytea',
    wide: '',
    narrow: '',
  },
  leadByProvider,
  // Its type is given anew, although it's the same, since that drops the samples that there are.
  keepNoSamples: (table, column) => [
    `alter table ${table} alter ${column} set statistics 0, alter ${column} type text`,
  ],
  idAt: (timeMs) => sql`decode(lpad(to_hex(${timeMs}), 12, '0'), 'hex')`,
  // Texts have no U+0000 when they are kept (wire/text.ts), which PostgreSQL could not take out of JSON.
  says: (field, text) => sql<SqlBool>`trim(payload::json ->> ${field}) = ${text}`,
  hasText: (text) =>
    sql<SqlBool>`exists (select 1 from json_each_text(payload::json) as said (name, value)
      where strpos(lower(value), lower(${text})) > 0)`,
  // With `offset 0`, which changes nothing, it is planned by itself.
  joinEach: (table, condition) => sql`cross join lateral (
    select * from ${sql.table(table)} where ${condition} offset 0
  ) as ${sql.table(table)}`,
};
