import { createPool } from './pool.ts';

const tables = [
  'trackings',
  'rejections',
  'subscriptions',
  'reports',
  'report_keys',
  'orders',
  'order_attempts',
];

/**
 * Writes the tables that hold customers anew, without what was deleted, which stays in a table's pages until something
 * else needs the place (https://www.postgresql.org/docs/current/sql-vacuum.html, FULL). Each table is locked for as
 * long as that takes, about a second for 100 MB, and needs its size on the disk once more. Statements one after the
 * other, since it can't be done inside a transaction.
 */
export async function eraseRemains(url: string): Promise<void> {
  const pool = createPool(url, 1, 0);
  try {
    const connection = await pool.connect();
    try {
      for (const table of tables) await connection.query(`vacuum (full) ${table}`);
    } finally {
      connection.release();
    }
  } finally {
    await pool.end();
  }
}
