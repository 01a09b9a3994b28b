import { existsSync } from 'node:fs';
import SqliteConnection from 'better-sqlite3';
import { ledgerClosed } from '../errors.ts';
import { forgottenKeyName } from '../forgotten.ts';
import { type Departure, migratedMeanwhile, overtaken, type Phase, type Source } from './sides.ts';
import {
  type Column,
  decodeKey,
  encodeKey,
  identityOf,
  keyColumns,
  type Row,
  type Table,
  unmoved,
} from './table.ts';

/** How long the service's commits are waited for, in milliseconds. */
const busyTimeoutMs = 10_000;

const events = ['insert', 'update', 'delete'] as const;
const kinds: Readonly<Record<string, Column['kind']>> = { text: 'text', integer: 'number', blob: 'bytes' };

/**
 * A SQLite file that is moved while a service writes it. Triggers stand in the file, so that they act on whoever writes,
 * of whatever version, from its next transaction on.
 *
 * @throws Error when there is no such file: SQLite would make one
 */
export function openSqliteSource(path: string): Source {
  if (!existsSync(path)) throw new Error('there is no such file.');
  const connection = new SqliteConnection(path, { timeout: busyTimeoutMs, fileMustExist: true });
  connection.pragma('synchronous = FULL');
  const statements = new Map<string, SqliteConnection.Statement<unknown[]>>();

  /** By their text, since compiling one takes longer than to run it. */
  function prepare(sql: string): SqliteConnection.Statement<unknown[]> {
    let statement = statements.get(sql);
    if (!statement) {
      statement = connection.prepare<unknown[]>(sql);
      statements.set(sql, statement);
    }
    return statement;
  }

  const readRaw = (sql: string, values: readonly unknown[]) =>
    prepare(sql)
      .raw()
      .all(...values) as Row[];
  const readTexts = (sql: string, ...values: unknown[]) =>
    connection
      .prepare(sql)
      .pluck()
      .all(...values) as string[];

  function isThere(table: string): boolean {
    return readTexts("select name from sqlite_schema where type = 'table' and name = ?", table).length > 0;
  }

  /** Alone with the file, all or nothing. */
  function change(work: () => void): void {
    connection.transaction(work).immediate();
  }

  function findDeparture(): (Departure & { run: string; migrations: string }) | undefined {
    if (!isThere('move_out')) return undefined;
    return connection
      .prepare<[], Departure & { run: string; migrations: string }>(
        'select id, run, phase, destination as "to", migrations from move_out',
      )
      .get();
  }

  function listTables(): Table[] {
    const names = readTexts(
      "select name from sqlite_schema where type = 'table' and name not like 'sqlite%' order by name",
    );
    return names.filter((name) => !unmoved.includes(name)).map(describe);
  }

  function describe(name: string): Table {
    const found = connection.pragma(`table_info(${name})`) as { name: string; type: string; pk: number }[];
    const columns = found
      .map((column) => {
        const kind = kinds[column.type.toLowerCase()];
        if (!kind) throw new Error(`The column ${name}.${column.name} is ${column.type}, which isn't known.`);
        return { name: column.name, kind, type: column.type };
      })
      .sort((one, other) => (one.name < other.name ? -1 : 1));
    const key = found.filter(({ pk }) => pk > 0).sort((one, other) => one.pk - other.pk);
    return { name, columns, key: key.map((column) => column.name) };
  }

  function readAfter(table: Table, key: Row | undefined, limit: number): Row[] {
    const behind = key ? `where (${table.key}) > (${table.key.map(() => '?')})` : '';
    const sql = `select ${namesOf(table)} from ${table.name} ${behind} order by ${table.key} limit ${limit}`;
    return readRaw(sql, key ?? []);
  }

  /** What refuses writes is part of the file, as `phase` is. */
  function enter(phase: Phase, run: string): void {
    change(() => {
      const departure = findDeparture();
      if (departure?.run !== run) throw new Error(overtaken);
      if (departure.phase === 'moved') return;
      if (phase === 'copying') dropTriggers('move_closed');
      if (phase === 'closed') addClosing();
      prepare('update move_out set phase = ?').run(phase);
    });
  }

  function addClosing(): void {
    for (const name of [...listTables().map((table) => table.name), 'readiness']) {
      for (const event of events) {
        connection.exec(
          `create trigger if not exists move_closed_${name}_${event} before ${event} on ${name}
           begin select raise(abort, '${ledgerClosed.message}'); end`,
        );
      }
    }
  }

  function addNoting(table: Table): void {
    const note = (row: 'new' | 'old') =>
      `insert into move_notes (name, key) values ('${table.name}', ${encodedKey(table, row)});`;
    const kept = { insert: note('new'), update: note('old') + note('new'), delete: note('old') };
    for (const event of events) {
      connection.exec(
        `create trigger move_note_${table.name}_${event} after ${event} on ${table.name} begin ${kept[event]} end`,
      );
    }
  }

  function dropTriggers(start: string): void {
    const names = readTexts(
      "select name from sqlite_schema where type = 'trigger' and name glob ?",
      `${start}_*`,
    );
    for (const name of names) connection.exec(`drop trigger ${name}`);
  }

  return {
    listTables: async () => listTables(),
    listMigrations: async () => readTexts('select name from kysely_migration order by name'),
    async identify() {
      if (!isThere('database_keys')) return undefined;
      const key = prepare('select key from database_keys where name = ?').pluck().get(forgottenKeyName);
      return identityOf(key);
    },
    async countRows({ name }) {
      return Number(prepare(`select count(*) from ${name}`).pluck().get());
    },
    readAfter: async (table, key, limit) => readAfter(table, key, limit),
    async readRows(table, keys) {
      const condition = table.key.map((name) => `${name} = ?`).join(' and ');
      const sql = `select ${namesOf(table)} from ${table.name} where ${condition}`;
      return keys.flatMap((key) => readRaw(sql, key));
    },
    findDeparture: async () => findDeparture(),
    async begin(tables, { run, to, migrations }) {
      change(() => {
        const departure = findDeparture();
        if (departure?.phase === 'moved') return;
        if (departure) {
          dropTriggers('move_closed');
          prepare("update move_out set run = ?, destination = ?, phase = 'copying'").run(run, to);
          return;
        }
        connection.exec(`create table move_out (id text, run text, phase text, destination text, migrations text) strict;
          create table move_notes (position integer primary key, name text, key text) strict`);
        for (const table of tables) addNoting(table);
        prepare('insert into move_out values (?, ?, ?, ?, ?)').run(run, run, 'copying', to, migrations);
      });
      const departure = findDeparture();
      if (!departure) throw new Error(overtaken);
      if (departure.migrations !== migrations) throw new Error(migratedMeanwhile);
      return departure;
    },
    async readNotes(tables, limit, behind) {
      if (!isThere('move_notes')) throw new Error(overtaken);
      const rows = readRaw(
        `select position, name, key from move_notes where position > ? order by position limit ${limit}`,
        [behind?.position ?? 0],
      );
      return rows.flatMap(([position, name, key]) => {
        const table = tables.get(String(name));
        if (!table) throw new Error(migratedMeanwhile);
        return { position: Number(position), table: table.name, key: decodeKey(table, String(key)) };
      });
    },
    async dropNotes(run, notes) {
      change(() => {
        if (findDeparture()?.run !== run) throw new Error(overtaken);
        // Who writes is alone: what was noted before the last of them was read with it.
        prepare('delete from move_notes where position <= ?').run(notes.at(-1)?.position ?? 0);
      });
    },
    async note({ name }, keys) {
      change(() => {
        for (const key of keys) {
          prepare('insert into move_notes (name, key) values (?, ?)').run(name, encodeKey(key));
        }
      });
    },
    close: async (run) => enter('closed', run),
    reopen: async (run) => enter('copying', run),
    depart: async (run) => enter('moved', run),
    async cancel() {
      change(() => {
        dropTriggers('move_closed');
        dropTriggers('move_note');
        connection.exec('drop table if exists move_notes; drop table if exists move_out');
      });
    },
    async end() {
      connection.close();
    },
  };
}

function namesOf({ columns }: Table): string {
  return columns.map(({ name }) => name).join(', ');
}

/** SQL for the key of the trigger's row, as encodeKey writes it. */
function encodedKey(table: Table, row: 'new' | 'old'): string {
  const values = keyColumns(table).map(({ name, kind }) =>
    kind === 'bytes' ? `hex(${row}.${name})` : `${row}.${name}`,
  );
  return `json_array(${values})`;
}
