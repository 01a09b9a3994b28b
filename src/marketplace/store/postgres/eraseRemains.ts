import { setTimeout as pause } from 'node:timers/promises';
import { StoreUnavailableError } from '../errors.ts';
import { type Connection, createPool } from './pool.ts';

/** Those that hold anything of customers. */
const tables = [
  'trackings',
  'rejections',
  'subscriptions',
  'reports',
  'report_keys',
  'orders',
  'order_attempts',
];
/** How long transactions are waited for that may still see what was deleted, and how often they are looked for, in ms. */
const patienceMs = 30_000;
const pauseMs = 100;

/**
 * Writes the tables anew, without what was deleted, which stays in a table's pages until something else needs the place
 * (https://www.postgresql.org/docs/current/sql-vacuum.html, FULL). Each table is locked meanwhile, and needs its size
 * on the disk once more.
 *
 * @throws StoreUnavailableError where a transaction that began before goes on and on: what it may see can't go
 */
export async function eraseRemains(url: string): Promise<void> {
  const pool = createPool(url, 1, 0);
  try {
    const connection = await pool.connect();
    try {
      await waitForOlder(connection);
      // Each by itself: it can't be done inside a transaction.
      for (const table of tables) await connection.query(`vacuum (full) ${table}`);
    } finally {
      connection.release();
    }
  } finally {
    await pool.end();
  }
}

/**
 * Resolves when nobody can see any more what was deleted before. First all transactions have to end that had begun to
 * write, in any database of the server, since no snapshot goes beyond the oldest of them; then all snapshots of this one.
 */
async function waitForOlder(connection: Connection): Promise<void> {
  const { rows } = await connection.query<{ next: string }>(
    'select pg_snapshot_xmax(pg_current_snapshot())::text as next',
  );
  const [now] = rows;
  const older = `select pg_snapshot_xmin(pg_current_snapshot()) < $1::xid8 or exists (
      select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
        and age(backend_xmin) > age($1::xid8::xid)) as remain`;
  const startedAt = performance.now();
  for (;;) {
    const found = await connection.query<{ remain: boolean }>(older, [now?.next]);
    if (found.rows[0]?.remain === false) return;
    if (performance.now() - startedAt > patienceMs) {
      throw new StoreUnavailableError(new Error('A transaction is still open that began before.'));
    }
    await pause(pauseMs);
  }
}
