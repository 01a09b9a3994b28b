import type Database from 'better-sqlite3';
import type { EndedAttempt, NewOrder, OrderChange, OrderStatus } from '../orders.ts';
import { toBytes } from '../sql/id.ts';

/** The writing of orders, synchronously, each function in a transaction of its own. */
export interface OrderWriter {
  /** False when the token has made an order before. */
  create(order: NewOrder): boolean;
  begin(attempt: { orderId: string; startedAt: number; leaseUntil: number }): number | undefined;
  end(attempt: EndedAttempt): void;
  change(id: string, change: OrderChange, from: readonly OrderStatus[], now: number): boolean;
  purge(endedBefore: number): number;
}

export function prepareOrderWriter(connection: Database.Database): OrderWriter {
  const insert = connection.prepare(
    `insert into orders (id, token, provider_id, status, fields, fingerprint, has_password, created_at, next_at)
     values (:id, :token, :providerId, 'under_way', :fields, :fingerprint, :hasPassword, :createdAt, :createdAt)
     on conflict (token) do nothing`,
  );
  const claim = connection.prepare(
    `update orders set lease_until = :leaseUntil, next_at = null
     where id = :id and lease_until is null and next_at <= :startedAt and status in ('under_way', 'waiting')
       and exists (select 1 from providers
         where id = provider_id and disabled = 0 and provision_url is not null)`,
  );
  const insertAttempt = connection.prepare<unknown[], { number: number }>(
    `insert into order_attempts (order_id, number, started_at)
     select :id, (select count(*) + 1 from order_attempts where order_id = :id), :startedAt
     returning number`,
  );
  const updateAttempt = connection.prepare(
    `update order_attempts set ended_at = :endedAt, outcome = :outcome, status = :status, reason = :reason
     where order_id = :id and number = :number`,
  );
  const setStatus = `update orders set status = :status, coid = :coid, failure = :failure, next_at = :nextAt,
    ended_at = :endedAt, lease_until = null where id = :id`;
  const updateOwn = connection.prepare(
    `${setStatus} and lease_until is not null
       and :number = (select max(number) from order_attempts where order_id = :id)`,
  );
  const updateAnyway = connection.prepare(`${setStatus} and status <> 'succeeded'`);
  const updateFrom = connection.prepare(
    `${setStatus} and lease_until is null and status in (select value from json_each(:from))`,
  );
  // What a provider said may name the buyer, and the fingerprint could be guessed from.
  const purgeReasons = connection.prepare<[number]>(
    `update order_attempts set reason = null where outcome = 'refused' and order_id in (
       select id from orders where ended_at < ? and fields is not null)`,
  );
  const purgeFields = connection.prepare<[number]>(
    `update orders set fields = null, failure = null, fingerprint = x''
     where ended_at < ? and fields is not null`,
  );

  const begin = connection.transaction(
    ({ orderId, startedAt, leaseUntil }: Parameters<OrderWriter['begin']>[0]) => {
      const id = toBytes(orderId);
      if (claim.run({ id, startedAt, leaseUntil }).changes === 0) return undefined;
      return insertAttempt.get({ id, startedAt })?.number;
    },
  );
  const end = connection.transaction((attempt: EndedAttempt) => {
    const { number, endedAt, outcome, status = null, reason = null, change } = attempt;
    const id = toBytes(attempt.orderId);
    updateAttempt.run({ id, number, endedAt, outcome, status, reason });
    const { changes } = updateOwn.run({ id, number, ...columnsOf(change, endedAt) });
    // Given up for lost or settled meanwhile: but an account that there is, is there.
    if (changes === 0 && change.status === 'succeeded') {
      updateAnyway.run({ id, ...columnsOf(change, endedAt) });
    }
  });

  const purge = connection.transaction((endedBefore: number) => {
    purgeReasons.run(endedBefore);
    return purgeFields.run(endedBefore).changes;
  });

  return {
    create: ({ id, fields, hasPassword, ...order }) =>
      insert.run({
        ...order,
        id: toBytes(id),
        fields: JSON.stringify(fields),
        hasPassword: hasPassword ? 1 : 0,
      }).changes === 1,
    begin: (attempt) => begin.immediate(attempt),
    end: (attempt) => end.immediate(attempt),
    change: (id, change, from, now) =>
      updateFrom.run({ id: toBytes(id), from: JSON.stringify(from), ...columnsOf(change, now) }).changes ===
      1,
    purge: (endedBefore) => purge.immediate(endedBefore),
  };
}

function columnsOf(change: OrderChange, now: number) {
  const { status } = change;
  return {
    status,
    coid: status === 'succeeded' ? change.coid : null,
    failure: status === 'failed' && change.failure ? JSON.stringify(change.failure) : null,
    nextAt: 'nextAt' in change ? change.nextAt : null,
    endedAt: status === 'succeeded' || status === 'failed' ? now : null,
  };
}
