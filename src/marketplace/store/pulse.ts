import { sql } from 'kysely';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';

export type PulseStore = ReturnType<typeof createPulseStore>;

/** Whether anything has changed, told without reading what. */
export function createPulseStore({ reader }: Database) {
  return {
    /**
     * A text that is another one once a row has come, an order has gone on or a report has arrived: the ends of a few
     * indexes. Whatever only changes a row that is there can go unnoticed.
     */
    async readPulse(): Promise<string> {
      const { rows } = await sql<Record<string, unknown>>`select ${sql.join([
        last('trackings', 'id'),
        last('clicks', 'id'),
        last('rejections', 'latest_id'),
        last('reports', 'position'),
        last('orders', 'id'),
        last('orders', 'next_at'),
        last('orders', 'lease_until'),
        sql`(select max(ended_at) from orders where ended_at is not null and fields is not null) as rested`,
      ])}`.execute(reader);
      return JSON.stringify(rows[0]);
    },
  };
}

function last<Table extends keyof Schema & string>(table: Table, column: keyof Schema[Table] & string) {
  const name = sql.ref(`${table}_${column}`);
  return sql`(select ${sql.ref(column)} from ${sql.table(table)} where ${sql.ref(column)} is not null
    order by ${sql.ref(column)} desc limit 1) as ${name}`;
}
