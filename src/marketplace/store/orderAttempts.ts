import { toBytes } from '../ledger/id.ts';
import type { Tables } from './database.ts';
import type { AttemptOutcome, EndpointFault } from './schema.ts';

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

/** An order by its whole key. */
export interface OwnedOrder {
  id: string;
  providerId: number;
}

export interface NewAttempt {
  order: OwnedOrder;
  startedAt: number;
  /** No attempt is put off beyond then. */
  latest: number;
  leaseUntil: number;
}

export interface EndedAttempt extends Omit<Attempt, 'startedAt'> {
  order: OwnedOrder;
  endedAt: number;
  outcome: AttemptOutcome;
  change: OrderChange;
}

/** What an order becomes. */
export type OrderChange =
  | { status: 'succeeded'; coid: string }
  | { status: 'failed'; failure?: BuyerFailure }
  | { status: 'undecided'; fault?: EndpointFault | undefined }
  /** With `nextAt` the claim on the password is as it was until then. */
  | { status: 'needs_attention'; fault: EndpointFault; nextAt?: number | undefined }
  | { status: 'needs_password'; nextAt: number }
  /** `held` is as it was where it is left out; all other changes end the claim on the password. */
  | {
      status: 'under_way' | 'waiting';
      nextAt: number;
      held?: PasswordClaim;
      fault?: EndpointFault | undefined;
    };

/** What a process says of passwords: that it has them, until then. */
export interface PasswordClaim {
  /** Names the process. */
  by: string;
  until: number;
}

/** A refusal in the provider's own words, without anything secret and of bounded length. */
export interface BuyerFailure {
  detail?: string | undefined;
  /** By the name of the field. */
  errors: Readonly<Record<string, string>>;
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

/** See OrderStore. */
export async function beginAttempt(
  tables: Tables,
  { order, startedAt, latest, leaseUntil }: NewAttempt,
): Promise<number | undefined> {
  const { numUpdatedRows } = await tables
    .updateTable('orders')
    .set({ lease_until: leaseUntil, next_at: null })
    .where('id', '=', toBytes(order.id))
    .where('provider_id', '=', order.providerId)
    .where('lease_until', 'is', null)
    .where(({ eb, or }) => or([eb('next_at', '<=', startedAt), eb('next_at', '>', latest)]))
    .where('status', 'in', ['under_way', 'waiting'])
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('providers')
          .select('providers.id')
          .where('providers.id', '=', order.providerId)
          .where('disabled', '=', 0)
          .where('provision_url', 'is not', null),
      ),
    )
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return undefined;
  return await insertAttempt(tables, order, startedAt);
}

/** See OrderStore. */
export async function endAttempt(tables: Tables, attempt: EndedAttempt): Promise<void> {
  const { order, number, endedAt, change } = attempt;
  await updateAttempt(tables, attempt);
  const { numUpdatedRows } = await updateOrder(tables, order, change, endedAt)
    .where('lease_until', 'is not', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('order_attempts')
            .select('number')
            .where('order_id', '=', toBytes(order.id))
            .where('provider_id', '=', order.providerId)
            .where('number', '>', number),
        ),
      ),
    )
    .executeTakeFirst();
  // Given up for lost or settled meanwhile: but an account that there is, is there.
  if (numUpdatedRows === 0n && change.status === 'succeeded') {
    await updateOrder(tables, order, change, endedAt).where('status', '<>', 'succeeded').execute();
  }
}

/** The update of an order that becomes that; what it may be of, the caller adds. */
export function updateOrder(
  tables: Tables,
  { id, providerId }: OwnedOrder,
  change: OrderChange,
  now: number,
) {
  const { status } = change;
  const goesOn = status === 'under_way' || status === 'waiting';
  const keepsClaim = goesOn || (status === 'needs_attention' && change.nextAt !== undefined);
  const held = 'held' in change ? change.held : undefined;
  return tables
    .updateTable('orders')
    .set({
      status,
      coid: status === 'succeeded' ? change.coid : null,
      failure: status === 'failed' && change.failure ? JSON.stringify(change.failure) : null,
      fault: 'fault' in change ? (change.fault ?? null) : null,
      next_at: 'nextAt' in change ? (change.nextAt ?? null) : null,
      // What is undefined stays as it is.
      held_by: keepsClaim ? held?.by : null,
      held_until: keepsClaim ? held?.until : null,
      ended_at: goesOn || status === 'needs_password' ? null : now,
      lease_until: null,
    })
    .where('id', '=', toBytes(id))
    .where('provider_id', '=', providerId);
}

/** Adds an attempt to the order, whose only one under way it has to be; resolves to its number, from 1. */
async function insertAttempt(
  tables: Tables,
  { id, providerId }: OwnedOrder,
  startedAt: number,
): Promise<number> {
  const orderId = toBytes(id);
  const attempts = tables
    .selectFrom('order_attempts')
    .select('number')
    .where('order_id', '=', orderId)
    .where('provider_id', '=', providerId);
  const last = await attempts.orderBy('number', 'desc').limit(1).executeTakeFirst();
  const number = (last?.number ?? 0) + 1;
  await tables
    .insertInto('order_attempts')
    .values({ order_id: orderId, provider_id: providerId, number, started_at: startedAt })
    .execute();
  return number;
}

/** Keeps what became of an attempt. */
async function updateAttempt(
  tables: Tables,
  { order, number, endedAt, outcome, status, reason }: EndedAttempt,
): Promise<void> {
  await tables
    .updateTable('order_attempts')
    .set({ ended_at: endedAt, outcome, status: status ?? null, reason: reason ?? null })
    .where('order_id', '=', toBytes(order.id))
    .where('provider_id', '=', order.providerId)
    .where('number', '=', number)
    .execute();
}
