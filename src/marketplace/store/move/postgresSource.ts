import { ledgerClosed } from '../errors.ts';
import { codeOf } from '../postgres/judgeError.ts';
import { type Connection, createPool } from '../postgres/pool.ts';
import { transact } from '../postgres/transaction.ts';
import { askOf, createPostgresSide, isOfKeys, keysOf, namesOf, toArrays, toRows } from './postgresSide.ts';
import { type Departure, migratedMeanwhile, overtaken, type Source } from './sides.ts';
import { decodeKey, encodeKey, keyColumns, type Row, type Table } from './table.ts';

/** How often a table is asked for that others are writing, each of which tries waits for some seconds. */
const maxTries = 20;
const lockTimedOut = '55P03';

/**
 * A PostgreSQL ledger that is moved while services write it. A trigger is made when those who write the table have ended
 * their transactions, and acts on whoever comes after. Each table by itself: a transaction that meets an open table and
 * a closed one fails as a whole.
 */
export function openPostgresSource(url: string): Source {
  const pool = createPool(url, 2, 0);
  const side = createPostgresSide(pool);
  const ask = askOf(pool);

  type Found = Departure & { run: string; migrations: string };

  async function findDeparture(): Promise<Found | undefined> {
    const { rows: known } = await ask<{ known: boolean }>(
      `select to_regclass('move_out') is not null as known`,
    );
    if (!known[0]?.known) return undefined;
    const { rows } = await ask<Found>('select id, run, phase, destination as "to", migrations from move_out');
    return rows[0];
  }

  /** In a transaction in which the run is the one that counts. */
  async function asRun(run: string, work: (connection: Connection) => Promise<unknown>): Promise<void> {
    await transact(pool, '', async (connection) => {
      const { rows } = await connection.query('select 1 from move_out where run = $1 for update', [run]);
      if (rows.length === 0) throw new Error(overtaken);
      await work(connection);
    });
  }

  /** Once more where a long transaction didn't let go of the table in time. */
  async function changeTable(work: (connection: Connection) => Promise<unknown>, run: string): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await asRun(run, work);
      } catch (error) {
        if (codeOf(error) !== lockTimedOut || tries === maxTries) throw error;
      }
    }
  }

  async function listAll(): Promise<string[]> {
    return [...(await side.listTables()).map(({ name }) => name), 'readiness'];
  }

  async function openTables(run: string): Promise<void> {
    const { rows } = await ask<{ name: string }>(
      `select tgrelid::regclass::text as name from pg_trigger where tgname = 'move_closed' and tgparentid = 0`,
    );
    for (const { name } of rows) {
      await changeTable(
        (connection) => connection.query(`drop trigger if exists move_closed on ${name}`),
        run,
      );
    }
  }

  return {
    ...side,
    async countRows({ name }) {
      const { rows } = await ask<{ count: number }>(`select count(*) as count from ${name}`);
      return rows[0]?.count ?? 0;
    },
    async readAfter(table, key, limit) {
      const behind = key ? `where (${table.key}) > (${table.key.map((_, index) => `$${index + 1}`)})` : '';
      const { rows } = await ask<Record<string, Row[number]>>(
        `select ${namesOf(table)} from ${table.name} ${behind} order by ${table.key} limit ${limit}`,
        key,
      );
      return toRows(table, rows);
    },
    async readRows(table, keys) {
      const names = table.columns.map(({ name }) => `${table.name}.${name}`);
      const { rows } = await ask<Record<string, Row[number]>>(
        `select ${names} from ${table.name} join ${keysOf(table)} on ${isOfKeys(table)}`,
        toArrays(keyColumns(table), keys),
      );
      return toRows(table, rows);
    },
    findDeparture,
    async begin(tables, { run, to, migrations }) {
      await transact(pool, '', async (connection) => {
        await connection.query(`create table if not exists move_out
          (id text not null, run text not null, phase text not null, destination text not null, migrations text not null)`);
        await connection.query(`create table if not exists move_notes
          (position bigint generated always as identity primary key, name text not null, key text not null)`);
        await connection.query(`create or replace function move_refuse() returns trigger language plpgsql as
          $$ begin raise exception '${ledgerClosed.message}' using errcode = '${ledgerClosed.code}'; end $$`);
        await connection.query(
          `insert into move_out select $1, $1, 'copying', $2, $3 where not exists (select from move_out)`,
          [run, to, migrations],
        );
        await connection.query(`update move_out set run = $1, destination = $2 where phase <> 'moved'`, [
          run,
          to,
        ]);
      });
      const departure = await findDeparture();
      if (!departure) throw new Error(overtaken);
      if (departure.migrations !== migrations) throw new Error(migratedMeanwhile);
      if (departure.phase === 'moved') return departure;
      const { rows: noting } = await ask<{ name: string }>(
        `select tgrelid::regclass::text as name from pg_trigger where tgname like 'move\\_note\\_%' and tgparentid = 0
         group by tgrelid having count(*) = 3`,
      );
      for (const table of tables) {
        if (noting.some(({ name }) => name === table.name)) continue;
        await changeTable((connection) => connection.query(notingOf(table)), run);
      }
      await openTables(run);
      await asRun(run, (connection) => connection.query(`update move_out set phase = 'copying'`));
      return { ...departure, phase: 'copying' };
    },
    async readNotes(tables, limit, behind) {
      const { rows } = await ask<{ position: number; name: string; key: string }>(
        `select position, name, key from move_notes where position > $1 order by position limit ${limit}`,
        [behind?.position ?? 0],
      );
      return rows.map(({ position, name, key }) => {
        const table = tables.get(name);
        if (!table) throw new Error(migratedMeanwhile);
        return { position, table: name, key: decodeKey(table, key) };
      });
    },
    async dropNotes(run, notes) {
      const positions = notes.map(({ position }) => position);
      await asRun(run, (connection) =>
        connection.query('delete from move_notes where position = any($1::bigint[])', [positions]),
      );
    },
    async note({ name }, keys) {
      await transact(pool, '', (connection) =>
        connection.query('insert into move_notes (name, key) select $1, key from unnest($2::text[]) as key', [
          name,
          keys.map(encodeKey),
        ]),
      );
    },
    async close(run) {
      for (const name of await listAll()) {
        await changeTable(
          (connection) =>
            connection.query(`create or replace trigger move_closed before insert or update or delete on ${name}
              for each statement execute function move_refuse()`),
          run,
        );
      }
      await asRun(run, (connection) => connection.query(`update move_out set phase = 'closed'`));
    },
    async reopen(run) {
      const departure = await findDeparture();
      if (departure?.run !== run || departure.phase === 'moved') return;
      await openTables(run);
      await asRun(run, (connection) => connection.query(`update move_out set phase = 'copying'`));
    },
    depart: (run) => asRun(run, (connection) => connection.query(`update move_out set phase = 'moved'`)),
    async cancel() {
      const departure = await findDeparture();
      if (!departure) return;
      for (const name of await listAll()) {
        const dropping = ['closed', 'note_insert', 'note_update', 'note_delete'].map(
          (trigger) => `drop trigger if exists move_${trigger} on ${name};`,
        );
        await changeTable((connection) => connection.query(dropping.join(' ')), departure.run);
      }
      const functions = (await side.listTables()).flatMap(({ name }) => [
        `drop function if exists move_note_${name}();`,
        `drop function if exists move_note_both_${name}();`,
      ]);
      await asRun(departure.run, (connection) =>
        connection.query(
          `${functions.join(' ')} drop function if exists move_refuse(); drop table move_notes; drop table move_out`,
        ),
      );
    },
  };
}

/** Has a table's changes noted, by the statement, which costs less than by the row. */
function notingOf(table: Table): string {
  const { name } = table;
  const values = keyColumns(table).map((column) =>
    column.kind === 'bytes' ? `encode(${column.name}, 'hex')` : column.name,
  );
  const keys = `select '${name}', json_build_array(${values})::text from`;
  const noting = (rows: string) => `begin insert into move_notes (name, key) ${rows}; return null; end`;
  const trigger = (event: string, tables: string, called: string) =>
    `create or replace trigger move_note_${event} after ${event} on ${name} referencing ${tables}
       for each statement execute function ${called}_${name}();`;
  return `
    create or replace function move_note_${name}() returns trigger language plpgsql as
      $$ ${noting(`${keys} changed`)} $$;
    create or replace function move_note_both_${name}() returns trigger language plpgsql as
      $$ ${noting(`${keys} former union ${keys} changed`)} $$;
    ${trigger('insert', 'new table as changed', 'move_note')}
    ${trigger('delete', 'old table as changed', 'move_note')}
    ${trigger('update', 'old table as former new table as changed', 'move_note_both')}`;
}
