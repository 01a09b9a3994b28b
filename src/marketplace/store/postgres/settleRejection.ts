import type { Outcome, TrackingEntry } from '../ledger.ts';
import type { RejectionEntry } from '../rejections.ts';
import { toBytes } from '../sql/id.ts';
import { findForgotten } from './forgotten.ts';
import { forgetting, lock, share } from './locks.ts';
import type { Connection, ConnectionPool } from './pool.ts';
import { transact } from './transaction.ts';
import { findKnown, locksOf, writeTrackings } from './writeTrackings.ts';

const countAlike = `update rejections set count = rejections.count + old.count,
    last_seen_at = greatest(rejections.last_seen_at, old.last_seen_at)
  from rejections as old
  where old.id = $1 and rejections.fingerprint = $2 and rejections.id <> $1`;
const renew = `update rejections set pool = $2, fingerprint = $3, status = $4, reason = $5, detail = $6, errors = $7
  where id = $1`;

/** Ends a rejection, or renews it, in a transaction of its own. */
export async function settleRejection(
  pool: ConnectionPool,
  forgottenKey: Uint8Array,
  rejectionId: string,
  entry: TrackingEntry | RejectionEntry,
): Promise<Outcome | undefined> {
  const id = toBytes(rejectionId);
  const locks = share(forgetting) + lock(...locksOf(entry.kind === 'tracking' ? [entry] : []));
  return await transact(pool, locks, async (connection) => {
    const { rows } = await connection.query('select 1 from rejections where id = $1 for update', [id]);
    if (rows.length === 0) return undefined;
    const forgotten = await findForgotten(connection, forgottenKey, [entry]);
    if (forgotten.has(entry)) {
      await remove(connection, id);
      return { result: 'forgotten', id: entry.id };
    }
    if (entry.kind === 'rejection') {
      await replace(connection, id, entry);
      return { result: 'created', id: entry.id };
    }
    const [outcome] = await writeTrackings(connection, [entry], await findKnown(connection, [entry]));
    if (outcome?.result !== 'conflict') await remove(connection, id);
    return outcome;
  });
}

/** Alike ones share a row: the same message may have been refused for the newer reason by itself. */
async function replace(
  connection: Connection,
  id: Buffer,
  { pool, fingerprint, rejection }: RejectionEntry,
): Promise<void> {
  const { status, reason, detail, errors } = rejection;
  const { rowCount } = await connection.query(countAlike, [id, fingerprint]);
  if (rowCount > 0) await remove(connection, id);
  else {
    await connection.query(renew, [id, pool, fingerprint, status, reason, detail, JSON.stringify(errors)]);
  }
}

async function remove(connection: Connection, id: Buffer): Promise<void> {
  await connection.query('delete from rejections where id = $1', [id]);
}
