import type { ConnectionPool } from './pool.ts';
import { transact } from './transaction.ts';

/** Deleted in one transaction, so that none holds much for long. */
const rowsAtOnce = 5_000;

/**
 * Deletes old purchases, signups, visits and clicks. It walks from the oldest id, so that it needs no index, which every insert
 * would pay for; a row that was replayed late has a late id and goes that much later.
 */
export async function purgeTrackings(pool: ConnectionPool, receivedBefore: number): Promise<number> {
  const trackings = await deleteOldest(pool, 'trackings', 'received_at', receivedBefore);
  return trackings + (await deleteOldest(pool, 'clicks', 'clicked_at', receivedBefore));
}

async function deleteOldest(
  pool: ConnectionPool,
  table: 'trackings' | 'clicks',
  time: 'received_at' | 'clicked_at',
  before: number,
): Promise<number> {
  const statement = `delete from ${table} where ${time} < $1
    and id in (select id from ${table} order by id limit ${rowsAtOnce} for update skip locked)`;
  for (let deleted = 0; ; ) {
    const { rowCount } = await transact(pool, '', (connection) => connection.query(statement, [before]));
    if (rowCount === 0) return deleted;
    deleted += rowCount;
  }
}

export async function purgeRejections(pool: ConnectionPool, lastSeenBefore: number): Promise<number> {
  return await deleteOld(pool, 'delete from rejections where last_seen_at < $1', lastSeenBefore);
}

export async function purgeIdempotencyKeys(pool: ConnectionPool, usedBefore: number): Promise<number> {
  return await deleteOld(pool, 'delete from report_keys where used_at < $1', usedBefore);
}

async function deleteOld(pool: ConnectionPool, statement: string, before: number): Promise<number> {
  const { rowCount } = await transact(pool, '', (connection) => connection.query(statement, [before]));
  return rowCount;
}
