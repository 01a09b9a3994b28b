import type { Schema } from '../schema.ts';
import { migrating, takeLocks } from './locks.ts';
import { type Connection, createPool } from './pool.ts';
import { transact } from './transaction.ts';

/**
 * The tables that grow, led by their provider. All else is small, and the same everywhere: on Citus, reference tables
 * (docs/scale.md).
 */
export const spreadTables = [
  'trackings',
  'clicks',
  'figure_groups',
  'figures',
  'rejections',
  'subscriptions',
  'reports',
  'report_keys',
  'orders',
  'order_attempts',
  'purges',
] as const satisfies readonly (keyof Schema)[];

/** The tables are as they can't be spread any more. */
export class SpreadError extends Error {}

/**
 * Makes partitions of the tables that grow, by a hash of the provider, while there is nothing in them. Where they have as
 * many already, nothing is done.
 *
 * @throws SpreadError where there is something in them, or they have another number of partitions
 */
export async function partitionTables(url: string, partitions: number): Promise<void> {
  const pool = createPool(url, 1, 0);
  try {
    await transact(pool, takeLocks({ hold: [migrating] }), async (connection) => {
      const found = await countPartitions(connection);
      if (found === partitions) return;
      if (found > 0) throw new SpreadError(`it has ${found} partitions, whose number can't be changed`);
      for (const table of spreadTables) await requireEmpty(connection, table);
      for (const table of spreadTables) await partition(connection, table, partitions);
    });
  } finally {
    await pool.end();
  }
}

async function countPartitions(connection: Connection): Promise<number> {
  const { rows } = await connection.query<{ count: number }>(
    `select count(*) from pg_inherits where inhparent = 'trackings'::regclass`,
  );
  return rows[0]?.count ?? 0;
}

async function requireEmpty(connection: Connection, table: string): Promise<void> {
  await connection.query(`lock table ${table} in access exclusive mode`);
  const { rows } = await connection.query(`select from ${table} limit 1`);
  if (rows.length > 0) throw new SpreadError(`its tables aren't empty (${table})`);
}

interface Parts {
  /** Keys and references: their names, and what stands behind. */
  constraints: { name: string; definition: string }[];
  /** Statements that make the other indexes. */
  indexes: string[];
  /** Of which no samples are kept. */
  columns: string[];
}

/** Puts a partitioned table of the same columns, keys and indexes in the place of an empty one. */
async function partition(connection: Connection, table: string, partitions: number): Promise<void> {
  const { constraints, indexes, columns } = await readParts(connection, table);
  const statements = [
    `alter table ${table} rename to ${table}_plain`,
    `create table ${table} (like ${table}_plain including defaults including identity)
      partition by hash (provider_id)`,
    `drop table ${table}_plain`,
    ...constraints.map(({ name, definition }) => `alter table ${table} add constraint ${name} ${definition}`),
    ...indexes,
    ...Array.from(
      { length: partitions },
      (_, remainder) => `create table ${table}_${remainder} partition of ${table}
        for values with (modulus ${partitions}, remainder ${remainder})`,
    ),
    ...columns.map((column) => `alter table ${table} alter ${column} set statistics 0`),
  ];
  for (const statement of statements) await connection.query(statement);
}

async function readParts(connection: Connection, table: string): Promise<Parts> {
  const [constraints, indexes, columns] = await Promise.all([
    connection.query<{ name: string; definition: string }>(
      `select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
        where conrelid = $1::regclass and contype in ('p', 'u', 'f')`,
      [table],
    ),
    connection.query<{ statement: string }>(
      `select pg_get_indexdef(indexrelid) as statement from pg_index
        where indrelid = $1::regclass and not exists (select from pg_constraint where conindid = indexrelid)`,
      [table],
    ),
    connection.query<{ name: string }>(
      'select attname as name from pg_attribute where attrelid = $1::regclass and attstattarget = 0 and attnum > 0',
      [table],
    ),
  ]);
  return {
    constraints: constraints.rows,
    indexes: indexes.rows.map(({ statement }) => statement),
    columns: columns.rows.map(({ name }) => name),
  };
}
