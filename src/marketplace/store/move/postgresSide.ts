import { forgottenKeyName } from '../forgotten.ts';
import type { ConnectionPool, Result } from '../postgres/pool.ts';
import type { Side } from './sides.ts';
import { type Column, identityOf, keyColumns, type Row, type Table, unmoved } from './table.ts';

const kinds: Readonly<Record<string, Column['kind']>> = {
  text: 'text',
  bytea: 'bytes',
  smallint: 'number',
  integer: 'number',
  bigint: 'number',
};

/** Asks one statement on a connection of its own. */
export type Ask = <Found>(text: string, values?: readonly unknown[]) => Promise<Result<Found>>;

export function askOf(pool: ConnectionPool): Ask {
  return async (text, values) => {
    const connection = await pool.connect();
    try {
      return await connection.query(text, values);
    } finally {
      connection.release();
    }
  };
}

/** What a PostgreSQL database can be asked, be it moved or moved to; `end` ends the pool. */
export function createPostgresSide(pool: ConnectionPool): Side {
  const ask = askOf(pool);
  return {
    async listTables() {
      // Partitions are their table's.
      const { rows } = await ask<{ name: string; columns: FoundColumn[]; key: string[] | null }>(
        `select c.relname as name,
           (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, null),
               'isIdentity', a.attidentity <> '') order by a.attname collate "C")
             from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
           (select json_agg(a.attname order by k.place)
             from pg_index i, unnest(i.indkey::int2[]) with ordinality as k (attnum, place), pg_attribute a
             where i.indrelid = c.oid and i.indisprimary and a.attrelid = c.oid and a.attnum = k.attnum) as key
         from pg_class c
         where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
         order by c.relname collate "C"`,
      );
      return rows.filter(({ name }) => !unmoved.includes(name)).map(toTable);
    },
    async listMigrations() {
      const { rows } = await ask<{ name: string }>(
        'select name from kysely_migration order by name collate "C"',
      );
      return rows.map(({ name }) => name);
    },
    async identify() {
      const { rows } = await ask<{ key: Buffer }>('select key from database_keys where name = $1', [
        forgottenKeyName,
      ]);
      return identityOf(rows[0]?.key);
    },
    end: () => pool.end(),
  };
}

interface FoundColumn {
  name: string;
  type: string;
  isIdentity: boolean;
}

function toTable(found: { name: string; columns: FoundColumn[]; key: string[] | null }): Table {
  const columns = found.columns.map(({ name, type }) => {
    const kind = kinds[type];
    if (!kind) throw new Error(`The column ${found.name}.${name} is ${type}, which isn't known.`);
    return { name, kind, type };
  });
  const identity = found.columns.find(({ isIdentity }) => isIdentity)?.name;
  return { name: found.name, columns, key: found.key ?? [], identity };
}

export function namesOf({ columns }: Table): string {
  return columns.map(({ name }) => name).join(', ');
}

/** A table of arrays, one a column, whose parameters begin with the first. */
export function unnestOf(columns: readonly Column[]): string {
  return `unnest(${columns.map(({ type }, index) => `$${index + 1}::${type}[]`)})`;
}

/** What unnestOf takes. */
export function toArrays(columns: readonly Column[], rows: readonly Row[]): Row[] {
  return columns.map((_, index) => rows.map((row) => row[index] ?? null));
}

/** SQL that is true where the table's key is that of the `keys` beside it. */
export function isOfKeys(table: Table): string {
  return table.key.map((name) => `${table.name}.${name} = keys.${name}`).join(' and ');
}

/** `keys`, a table of the keys in the parameters. */
export function keysOf(table: Table): string {
  return `${unnestOf(keyColumns(table))} as keys (${table.key})`;
}

/** The values of an answer's rows, in the order of the columns. */
export function toRows({ columns }: Table, found: readonly Record<string, Row[number]>[]): Row[] {
  return found.map((row) => columns.map(({ name }) => row[name] ?? null));
}

/** The keys of those that are missing among the others. */
export function listMissing(
  keys: readonly Row[],
  found: readonly Row[],
  encode: (key: Row) => string,
): Row[] {
  const known = new Set(found.map(encode));
  return keys.filter((key) => !known.has(encode(key)));
}
