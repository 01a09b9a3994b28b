import { formatTime } from '../../wire/time.ts';
import type { Attempt } from '../store/orderAttempts.ts';
import type { Order } from '../store/orders.ts';

/** An order as its provider reads it: nothing of what the buyer entered, which the provider was sent. */
export function presentOrder({ id, partnerKey, status, coid, fault, createdAt, attempts }: Order) {
  return {
    id,
    partnerKey,
    status,
    coid,
    fault,
    createdAt: formatTime(createdAt),
    attempts: attempts.map(presentAttempt),
  };
}

function presentAttempt({ number, startedAt, endedAt, outcome, status, reason }: Attempt) {
  return {
    number,
    startedAt: formatTime(startedAt),
    ...(endedAt !== undefined && { endedAt: formatTime(endedAt) }),
    outcome,
    status,
    reason,
  };
}
