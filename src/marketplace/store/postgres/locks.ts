import { createHash } from 'node:crypto';

/**
 * Locks that end with their transaction (https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS),
 * by numbers of 64 bits: the first of the SHA-256 of what they stand for. Two names with one number would only wait for
 * each other. As SQL without values, to be sent along with the begin.
 */
export function lock(...names: readonly string[]): string {
  // In one order everywhere, so that no two transactions wait for each other.
  const numbers = [...new Set(names.map(numberOf))].sort((one, other) => (one < other ? -1 : 1));
  return numbers.map((number) => `select pg_advisory_xact_lock(${number});`).join('');
}

/** Keeps lock(name) waiting, but not others who share it. */
export function share(name: string): string {
  return `select pg_advisory_xact_lock_shared(${numberOf(name)});`;
}

/** Selects whether the lock could be `taken`, without waiting. */
export function tryLock(name: string): string {
  return `select pg_try_advisory_xact_lock(${numberOf(name)}) as taken`;
}

/** Held by whoever forgets a customer, shared by whoever writes one. */
export const forgetting = 'onramp forgetting';
/** Held while tables are brought up to date. */
export const migrating = 'onramp migrating';

function numberOf(name: string): bigint {
  return createHash('sha256').update(name).digest().readBigInt64BE();
}
