import type { Kysely, Selectable } from 'kysely';
import type { Attempt, Order, OrderStore } from '../orders.ts';
import { fromBytes, toBytes } from './id.ts';
import type { Schema } from './schema.ts';

type OrderReader = Pick<
  OrderStore,
  'findOrder' | 'findOrderByToken' | 'listOrders' | 'listDueOrders' | 'listLostOrders'
>;

export function createOrderReader(database: Kysely<Schema>): OrderReader {
  const orders = database
    .selectFrom('orders')
    .innerJoin('providers', 'providers.id', 'orders.provider_id')
    .selectAll('orders')
    .select(['providers.partner_key as partner_key', 'providers.name as provider_name']);

  /** In one statement, for what is read apart may be of two moments: an order, and an attempt that began since. */
  async function withAttempts(query: typeof orders): Promise<Order[]> {
    const rows = await database
      .selectFrom(query.as('orders'))
      .leftJoin('order_attempts as attempts', 'attempts.order_id', 'orders.id')
      .selectAll('orders')
      .select([
        'attempts.number as attempt_number',
        'attempts.started_at as attempt_started_at',
        'attempts.ended_at as attempt_ended_at',
        'attempts.outcome as attempt_outcome',
        'attempts.status as attempt_status',
        'attempts.reason as attempt_reason',
      ])
      .orderBy('attempts.number')
      .execute();
    return [...Map.groupBy(rows, ({ token }) => token).values()].flatMap((ofOne) => {
      const [row] = ofOne;
      return row ? toOrder(row, ofOne.flatMap(toAttempt)) : [];
    });
  }

  return {
    async findOrder(id) {
      return (await withAttempts(orders.where('orders.id', '=', toBytes(id))))[0];
    },

    async findOrderByToken(token) {
      return (await withAttempts(orders.where('orders.token', '=', token)))[0];
    },

    async listOrders({ providerId, status, before, limit }) {
      let query = orders;
      if (providerId !== undefined) query = query.where('orders.provider_id', '=', providerId);
      if (status) query = query.where('orders.status', '=', status);
      if (before) query = query.where('orders.id', '<', toBytes(before));
      const found = await withAttempts(query.orderBy('orders.id', 'desc').limit(limit));
      return found.sort((one, other) => (one.id < other.id ? 1 : -1));
    },

    async listDueOrders({ now, limit }) {
      const query = orders
        .where('orders.next_at', '<=', now)
        .where('orders.lease_until', 'is', null)
        .where('providers.disabled', '=', 0)
        .where('providers.provision_url', 'is not', null)
        .orderBy('orders.next_at')
        .limit(limit);
      const found = await withAttempts(query);
      return found.sort((one, other) => (one.nextAt ?? 0) - (other.nextAt ?? 0));
    },

    async listLostOrders(now) {
      return await withAttempts(orders.where('orders.lease_until', '<', now));
    },
  };
}

type JoinedOrder = Selectable<Schema['orders']> & { partner_key: string; provider_name: string };

/** Its columns are null where the order has had no attempt. */
interface JoinedAttempt {
  attempt_number: number | null;
  attempt_started_at: number | null;
  attempt_ended_at: number | null;
  attempt_outcome: Attempt['outcome'] | null;
  attempt_status: number | null;
  attempt_reason: string | null;
}

function toOrder(row: JoinedOrder, attempts: readonly Attempt[]): Order {
  return {
    id: fromBytes(row.id),
    token: row.token,
    providerId: row.provider_id,
    partnerKey: row.partner_key,
    providerName: row.provider_name,
    status: row.status,
    fields: row.fields === null ? undefined : JSON.parse(row.fields),
    fingerprint: row.fingerprint,
    hasPassword: row.has_password === 1,
    coid: row.coid ?? undefined,
    failure: row.failure === null ? undefined : JSON.parse(row.failure),
    createdAt: row.created_at,
    nextAt: row.next_at ?? undefined,
    isUnderAttempt: row.lease_until !== null,
    attempts,
  };
}

function toAttempt(row: JoinedAttempt): Attempt[] {
  if (row.attempt_number === null || row.attempt_started_at === null) return [];
  return [
    {
      number: row.attempt_number,
      startedAt: row.attempt_started_at,
      endedAt: row.attempt_ended_at ?? undefined,
      outcome: row.attempt_outcome ?? undefined,
      status: row.attempt_status ?? undefined,
      reason: row.attempt_reason ?? undefined,
    },
  ];
}
