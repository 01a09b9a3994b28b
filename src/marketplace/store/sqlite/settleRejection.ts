import type Database from 'better-sqlite3';
import type { Outcome, TrackingEntry } from '../ledger.ts';
import type { RejectionEntry } from '../rejections.ts';
import { toBytes } from '../sql/id.ts';
import { prepareForgottenLook } from './forgotten.ts';
import { prepareTrackingWrite } from './writeTracking.ts';

type Settle = (id: string, entry: TrackingEntry | RejectionEntry) => Outcome | undefined;

/** Prepares what ends a rejection, or renews it, in a transaction of its own. */
export function prepareSettle(connection: Database.Database): Settle {
  const writeTracking = prepareTrackingWrite(connection);
  const lookForForgotten = prepareForgottenLook(connection);
  const find = connection.prepare<[Buffer]>('select 1 from rejections where id = ?');
  const remove = connection.prepare<[Buffer]>('delete from rejections where id = ?');
  const countAlike = connection.prepare(
    `update rejections set count = rejections.count + old.count,
       last_seen_at = max(rejections.last_seen_at, old.last_seen_at)
     from rejections as old
     where old.id = :id and rejections.fingerprint = :fingerprint and rejections.id <> :id`,
  );
  const renew = connection.prepare(
    `update rejections set pool = :pool, fingerprint = :fingerprint, status = :status, reason = :reason,
       detail = :detail, errors = :errors
     where id = :id`,
  );

  /** Alike ones share a row: the same message may have been refused for the newer reason by itself. */
  function replace(id: Buffer, { pool, fingerprint, rejection }: RejectionEntry): void {
    const { status, reason, detail, errors } = rejection;
    if (countAlike.run({ id, fingerprint }).changes > 0) remove.run(id);
    else renew.run({ id, pool, fingerprint, status, reason, detail, errors: JSON.stringify(errors) });
  }

  const settle = connection.transaction<Settle>((rejectionId, entry) => {
    const id = toBytes(rejectionId);
    if (find.get(id) === undefined) return undefined;
    if (lookForForgotten()(entry)) {
      remove.run(id);
      return { result: 'forgotten', id: entry.id };
    }
    if (entry.kind === 'rejection') {
      replace(id, entry);
      return { result: 'created', id: entry.id };
    }
    const outcome = writeTracking(entry);
    if (outcome.result !== 'conflict') remove.run(id);
    return outcome;
  });
  return (id, entry) => settle.immediate(id, entry);
}
