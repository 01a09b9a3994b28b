import type { Tables } from './database.ts';
import type { AttemptOutcome } from './schema.ts';

/** One try to have an order's account made. */
export interface Attempt {
  number: number;
  startedAt: number;
  /** These are undefined while it is under way. */
  endedAt?: number | undefined;
  outcome?: AttemptOutcome | undefined;
  /** HTTP status, where there was an answer. */
  status?: number | undefined;
  reason?: string | undefined;
}

/** What is read of the table `attempts`, where it stands beside its orders. */
export const attemptColumns = [
  'attempts.number as attempt_number',
  'attempts.started_at as attempt_started_at',
  'attempts.ended_at as attempt_ended_at',
  'attempts.outcome as attempt_outcome',
  'attempts.status as attempt_status',
  'attempts.reason as attempt_reason',
] as const;

/** The columns are null where the order has had no attempt. */
interface JoinedAttempt {
  attempt_number: number | null;
  attempt_started_at: number | null;
  attempt_ended_at: number | null;
  attempt_outcome: AttemptOutcome | null;
  attempt_status: number | null;
  attempt_reason: string | null;
}

/** The attempt of each row that has one. */
export function toAttempts(rows: readonly JoinedAttempt[]): Attempt[] {
  return rows.flatMap((row) => {
    if (row.attempt_number === null || row.attempt_started_at === null) return [];
    return {
      number: row.attempt_number,
      startedAt: row.attempt_started_at,
      endedAt: row.attempt_ended_at ?? undefined,
      outcome: row.attempt_outcome ?? undefined,
      status: row.attempt_status ?? undefined,
      reason: row.attempt_reason ?? undefined,
    };
  });
}

/** Adds an attempt to the order, whose only one under way it has to be; resolves to its number, from 1. */
export async function insertAttempt(tables: Tables, orderId: Buffer, startedAt: number): Promise<number> {
  const attempts = tables.selectFrom('order_attempts').select('number').where('order_id', '=', orderId);
  const last = await attempts.orderBy('number', 'desc').limit(1).executeTakeFirst();
  const number = (last?.number ?? 0) + 1;
  await tables
    .insertInto('order_attempts')
    .values({ order_id: orderId, number, started_at: startedAt })
    .execute();
  return number;
}

/** Keeps what became of an attempt. */
export async function updateAttempt(
  tables: Tables,
  orderId: Buffer,
  { number, endedAt, outcome, status, reason }: Omit<Attempt, 'startedAt'>,
): Promise<void> {
  await tables
    .updateTable('order_attempts')
    .set({ ended_at: endedAt, outcome, status: status ?? null, reason: reason ?? null })
    .where('order_id', '=', orderId)
    .where('number', '=', number)
    .execute();
}
