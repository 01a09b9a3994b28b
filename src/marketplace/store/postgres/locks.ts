import { createHash } from 'node:crypto';
import type { Locks } from '../database.ts';

/**
 * Locks that end with their transaction (https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS),
 * by numbers of 64 bits: the first of the SHA-256 of what they stand for. Two names with one number would only wait for
 * each other. As SQL without values, to be sent along with the begin.
 */
export function takeLocks({ share = [], hold = [] }: Locks = {}): string {
  const locks = new Map(share.map((name) => [numberOf(name), true]));
  for (const name of hold) locks.set(numberOf(name), false);
  if (locks.size === 0) return '';
  // In one order everywhere, so that no two transactions wait for each other. And in one statement, since a batch has
  // hundreds, each of which would be parsed.
  const inOrder = [...locks].sort(([one], [other]) => (one < other ? -1 : 1));
  const numbers = inOrder.map(([number]) => number);
  const areShared = inOrder.map(([, isShared]) => isShared);
  return `select count(case when is_shared
      then pg_advisory_xact_lock_shared(number)::text else pg_advisory_xact_lock(number)::text end)
    from unnest('{${numbers}}'::bigint[], '{${areShared}}'::boolean[]) as locks (number, is_shared);`;
}

/** Selects whether the lock could be `taken`, without waiting. */
export function tryLock(name: string): string {
  return `select pg_try_advisory_xact_lock(${numberOf(name)}) as taken`;
}

/** Selects whether the lock is `shown` among those that this transaction holds. */
export function showLock(name: string): string {
  // A number of 64 bits stands there in two halves
  // (https://www.postgresql.org/docs/current/view-pg-locks.html).
  return `select exists (select 1 from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()
    and (classid::bigint << 32) + objid::bigint = ${numberOf(name)} and objsubid = 1 and granted) as shown`;
}

/** Held while tables are brought up to date. */
export const migrating = 'onramp migrating';
/** Held while a ledger in use is prepared for that. */
export const preparing = 'onramp preparing';

function numberOf(name: string): bigint {
  return createHash('sha256').update(name).digest().readBigInt64BE();
}
