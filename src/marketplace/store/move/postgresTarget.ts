import { type Connection, createPool } from '../postgres/pool.ts';
import { transact } from '../postgres/transaction.ts';
import { readDigests, readPrints } from './postgresPrints.ts';
import {
  askOf,
  createPostgresSide,
  isOfKeys,
  keysOf,
  listMissing,
  namesOf,
  toArrays,
  unnestOf,
} from './postgresSide.ts';
import { type Arrival, type Miss, notEmpty, overtaken, type Progress, type Target } from './sides.ts';
import { encodeKey, keyColumns, keyOf, type Row, type Table } from './table.ts';

/** What a new database has by itself, in the place of which the ledger's is put. */
const ownRows = ['database_keys', 'versions'];

const nothing: Progress = { done: [], after: null, rows: 0 };

interface Constraint {
  table: string;
  name: string;
  definition: string;
}

/**
 * A PostgreSQL database that is filled. Its foreign keys are put aside until it is whole, so that rows may come in any
 * order; what is known of the move stands in `move_in`, and what is copied is committed with it.
 */
export function openPostgresTarget(url: string): Target {
  const pool = createPool(url, 4, 0);
  const side = createPostgresSide(pool);
  const ask = askOf(pool);

  /** In a transaction in which the run is the one that counts. */
  async function asRun(run: string, work: (connection: Connection) => Promise<unknown>): Promise<void> {
    await transact(pool, '', async (connection) => {
      const { rows } = await connection.query('select 1 from move_in where run = $1 for update', [run]);
      if (rows.length === 0) throw new Error(overtaken);
      await work(connection);
    });
  }

  return {
    ...side,
    async findArrival() {
      if (!(await isArriving(ask))) return undefined;
      const { rows } = await ask<Arrival>('select id, ledger, run from move_in');
      return rows[0];
    },
    async listFilled(tables) {
      const filled: string[] = [];
      for (const { name } of tables) {
        if (ownRows.includes(name)) continue;
        const { rows } = await ask(`select 1 from ${name} limit 1`);
        if (rows.length > 0) filled.push(name);
      }
      return filled;
    },
    async begin(tables, { id, ledger, run }) {
      let progress: Progress = nothing;
      await transact(pool, '', async (connection) => {
        await connection.query(`create table if not exists move_in
          (id text not null, run text not null, ledger text not null, progress text not null, constraints text not null)`);
        const found = await connection.query<{ id: string; progress: string; constraints: string }>(
          'select id, progress, constraints from move_in for update',
        );
        const [former] = found.rows;
        const aside: Constraint[] = former ? JSON.parse(former.constraints) : [];
        aside.push(...(await putAside(connection)));
        progress = former?.id === id ? JSON.parse(former.progress) : nothing;
        const again = former?.id === id ? [] : former ? tables.map(({ name }) => name) : ownRows;
        if (again.length > 0) await connection.query(`truncate ${again}`);
        await connection.query('delete from move_in');
        await connection.query('insert into move_in values ($1, $2, $3, $4, $5)', [
          id,
          run,
          ledger,
          JSON.stringify(progress),
          JSON.stringify(aside),
        ]);
      });
      return progress;
    },
    async copy(run, { table, rows }, progress, miss) {
      await asRun(run, async (connection) => {
        await connection.query('update move_in set progress = $1', [JSON.stringify(progress)]);
        if (rows.length === 0) return;
        const { rowCount } = await connection.query(inserting(table), toArrays(table.columns, rows));
        // Some were there, as they were before or for they were noted. All of them are put there as they are now.
        if (rowCount < rows.length) {
          await replaceRows(connection, { table, rows, keys: rows.map((row) => keyOf(table, row)) }, miss);
        }
      });
    },
    replace: (run, batch, miss) => asRun(run, (connection) => replaceRows(connection, batch, miss)),
    digest: (table) => readDigests(ask, table),
    readPrints: (table, sought) => readPrints(ask, table, sought),
    async listProviders() {
      const { rows } = await ask<{ id: number; partner_key: string }>(
        'select id, partner_key from providers',
      );
      return new Map(rows.map((row) => [row.id, row.partner_key]));
    },
    async tidy(tables) {
      for (const { name } of tables) await ask(`vacuum (analyze) ${name}`);
    },
    async complete(run, tables) {
      // In a transaction each: Citus changes no table in one that has asked all its shards.
      for (const { name, identity } of tables) {
        if (identity) await asRun(run, (connection) => countOn(connection, name, identity));
      }
      const { rows } = await ask<{ constraints: string }>('select constraints from move_in');
      const aside: Constraint[] = JSON.parse(rows[0]?.constraints ?? '[]');
      for (const [index, { table, name, definition }] of aside.entries()) {
        await asRun(run, async (connection) => {
          await connection.query(`alter table ${table} add constraint ${name} ${definition}`);
          const left = JSON.stringify(aside.slice(index + 1));
          await connection.query('update move_in set constraints = $1', [left]);
        });
      }
    },
    open: (run) => asRun(run, (connection) => connection.query('drop table move_in')),
  };
}

/**
 * Before tables are made there.
 *
 * @throws Error where the database has tables that aren't a ledger's
 */
export async function requireNothingElse(url: string): Promise<void> {
  const pool = createPool(url, 1, 0);
  try {
    const { rows } = await askOf(pool)<{ name: string }>(
      `select relname as name from pg_class
       where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')
         and to_regclass('kysely_migration') is null
       limit 1`,
    );
    if (rows[0]) throw new Error(notEmpty(`the table ${rows[0].name}`));
  } finally {
    await pool.end();
  }
}

/** Whether a ledger is being moved into the database, and isn't whole yet. */
async function isArriving(ask: ReturnType<typeof askOf>): Promise<boolean> {
  const { rows } = await ask<{ arriving: boolean }>(`select to_regclass('move_in') is not null as arriving`);
  return rows[0]?.arriving === true;
}

async function putAside(connection: Connection): Promise<Constraint[]> {
  const { rows } = await connection.query<Constraint>(
    `select c.relname as table, k.conname as name, pg_get_constraintdef(k.oid) as definition
     from pg_constraint k join pg_class c on c.oid = k.conrelid
     where k.contype = 'f' and k.conparentid = 0 and c.relnamespace = current_schema()::regnamespace`,
  );
  for (const { table, name } of rows) await connection.query(`alter table ${table} drop constraint ${name}`);
  return rows;
}

/** Numbers go on after those of the rows. */
async function countOn(connection: Connection, table: string, identity: string): Promise<void> {
  const { rows } = await connection.query<{ largest: number | null }>(
    `select max(${identity}) as largest from ${table}`,
  );
  const largest = rows[0]?.largest ?? null;
  if (largest === null) return;
  // By a statement of its own: made of what shards answer, Citus would have a worker's sequence set.
  await connection.query(`select setval(pg_get_serial_sequence('${table}', '${identity}'), $1)`, [largest]);
}

function inserting(table: Table): string {
  return `insert into ${table.name} (${namesOf(table)}) overriding system value
    select * from ${unnestOf(table.columns)} on conflict do nothing`;
}

/**
 * Puts the rows in the place of those of the keys. One that can't stand beside a row that has changed in the source
 * since it was copied is missed: that row's change has been noted, and this one is noted after it.
 */
async function replaceRows(
  connection: Connection,
  { table, rows, keys }: { table: Table; rows: readonly Row[]; keys: readonly Row[] },
  miss: Miss,
): Promise<void> {
  await connection.query(
    `delete from ${table.name} using ${keysOf(table)} where ${isOfKeys(table)}`,
    toArrays(keyColumns(table), keys),
  );
  if (rows.length === 0) return;
  const { rows: inserted } = await connection.query<Record<string, Row[number]>>(
    `${inserting(table)} returning ${table.key}`,
    toArrays(table.columns, rows),
  );
  if (inserted.length === rows.length) return;
  const found = inserted.map((row) => table.key.map((name) => row[name] ?? null));
  await miss(
    listMissing(
      rows.map((row) => keyOf(table, row)),
      found,
      encodeKey,
    ),
  );
}
