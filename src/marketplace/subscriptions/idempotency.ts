import { maxIdempotencyKeyLength } from '../../wire/subscription.ts';
import { HttpProblem } from '../http/problem.ts';
import { digest } from '../ledger/digest.ts';
import type { Report } from '../store/subscriptions.ts';

/**
 * The key that a caller gives all tries of one report; any text of 1 to 255 characters.
 *
 * @throws HttpProblem 400, for an empty one too: its sender would think itself safe
 */
export function readIdempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const key = String(header);
  if (key.length >= 1 && key.length <= maxIdempotencyKeyLength) return key;
  const detail = `Idempotency-Key must have 1 to ${maxIdempotencyKeyLength} characters.`;
  throw new HttpProblem({ status: 400, code: 'invalid_idempotency_key', detail });
}

/**
 * Hash of what a report says, however it was written. The period counts as it was sent: one that says none stays the
 * same when the month turns between its tries.
 */
export function payloadDigest(
  { coid, sku, expired, expiredDate, count }: Report,
  sentPeriod: string | undefined,
): Uint8Array {
  return digest(
    JSON.stringify(['report.v1', coid, sku, expired, expiredDate ?? null, count ?? null, sentPeriod ?? null]),
  );
}

export function underWay(): HttpProblem {
  const detail = 'A report with this Idempotency-Key is being stored. Send the same again in a moment.';
  return new HttpProblem({ status: 409, code: 'idempotency_key_in_use', detail }, { 'retry-after': '1' });
}

export function usedOtherwise(): HttpProblem {
  const detail =
    'This Idempotency-Key belongs to a report that says something else. Each needs a key of its own.';
  return new HttpProblem({ status: 422, code: 'idempotency_key_reused', detail });
}
