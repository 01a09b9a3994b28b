import type Database from 'better-sqlite3';
import type { Outcome } from '../ledger.ts';
import { type RejectionEntry, rejectionLimits, unreadablePool } from '../rejections.ts';
import { fromBytes, toBytes } from '../sql/id.ts';

/** Deleted beyond what must go when the whole is full, so that not every refusal has to make room anew. */
const roomToMake = 1_000;

/** The writing of refusals; both functions are to be called inside a transaction. */
export interface RejectionWrite {
  /** Adds a row, or counts one more in that of the alike ones. */
  write(entry: RejectionEntry): Outcome;
  /** Deletes the oldest of the named pools, and of all, down to their limits. */
  trim(pools: Iterable<string>): void;
}

export function prepareRejectionWrite(connection: Database.Database): RejectionWrite {
  const count = connection.prepare<unknown[], { id: Buffer }>(
    `update rejections set count = count + 1, latest_id = :latestId, last_seen_at = max(last_seen_at, :receivedAt)
     where fingerprint = :fingerprint returning id`,
  );
  const insert = connection.prepare(
    `insert into rejections (id, latest_id, pool, fingerprint, status, reason, detail, errors, trust, via,
       payload, count, first_seen_at, last_seen_at)
     values (:id, :id, :pool, :fingerprint, :status, :reason, :detail, :errors, :trust, :via,
       :payload, 1, :receivedAt, :receivedAt)`,
  );
  const trimPool = connection.prepare<[string, string, number]>(
    `delete from rejections where pool = ? and latest_id <= (
       select latest_id from rejections where pool = ? order by latest_id desc limit 1 offset ?)`,
  );
  const total = connection.prepare<[], { rows: number }>('select count(*) as rows from rejections');
  const trimUnreadable = connection.prepare<[string, number]>(
    `delete from rejections where latest_id in (
       select latest_id from rejections where pool = ? order by latest_id limit ?)`,
  );
  const trimOldest = connection.prepare<[number]>(
    `delete from rejections where latest_id in (
       select latest_id from rejections order by latest_id limit ?)`,
  );

  return {
    write({ id, pool, fingerprint, receivedAt, rejection }) {
      const known = count.get({ latestId: toBytes(id), receivedAt, fingerprint });
      if (known) return { result: 'duplicate', id: fromBytes(known.id) };
      insert.run({
        id: toBytes(id),
        pool,
        fingerprint,
        receivedAt,
        ...rejection,
        errors: JSON.stringify(rejection.errors),
        payload: JSON.stringify(rejection.payload),
      });
      return { result: 'created', id };
    },
    trim(pools) {
      for (const pool of pools) {
        const limit = pool === unreadablePool ? rejectionLimits.unreadable : rejectionLimits.pool;
        trimPool.run(pool, pool, limit);
      }
      const excess = (total.get()?.rows ?? 0) - rejectionLimits.all;
      if (excess <= 0) return;
      const excessWithRoom = excess + roomToMake;
      const { changes } = trimUnreadable.run(unreadablePool, excessWithRoom);
      trimOldest.run(excessWithRoom - changes);
    },
  };
}
