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

  async function withAttempts(rows: readonly JoinedOrder[]): Promise<Order[]> {
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => id);
    const attempts = await database
      .selectFrom('order_attempts')
      .selectAll()
      .where('order_id', 'in', ids)
      .orderBy('number')
      .execute();
    const byOrder = Map.groupBy(attempts, ({ order_id }) => fromBytes(order_id));
    return rows.map((row) => toOrder(row, byOrder.get(fromBytes(row.id)) ?? []));
  }

  return {
    async findOrder(id) {
      const rows = await orders.where('orders.id', '=', toBytes(id)).execute();
      return (await withAttempts(rows))[0];
    },

    async findOrderByToken(token) {
      const rows = await orders.where('orders.token', '=', token).execute();
      return (await withAttempts(rows))[0];
    },

    async listOrders({ providerId, status, before, limit }) {
      let query = orders;
      if (providerId !== undefined) query = query.where('orders.provider_id', '=', providerId);
      if (status) query = query.where('orders.status', '=', status);
      if (before) query = query.where('orders.id', '<', toBytes(before));
      return await withAttempts(await query.orderBy('orders.id', 'desc').limit(limit).execute());
    },

    async listDueOrders({ now, limit }) {
      const rows = await orders
        .where('orders.next_at', '<=', now)
        .where('orders.lease_until', 'is', null)
        .where('providers.disabled', '=', 0)
        .where('providers.provision_url', 'is not', null)
        .orderBy('orders.next_at')
        .limit(limit)
        .execute();
      return await withAttempts(rows);
    },

    async listLostOrders(now) {
      return await withAttempts(await orders.where('orders.lease_until', '<', now).execute());
    },
  };
}

type JoinedOrder = Selectable<Schema['orders']> & { partner_key: string; provider_name: string };

function toOrder(row: JoinedOrder, attempts: readonly Schema['order_attempts'][]): Order {
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
    attempts: attempts.map(toAttempt),
  };
}

function toAttempt(row: Schema['order_attempts']): Attempt {
  return {
    number: row.number,
    startedAt: row.started_at,
    endedAt: row.ended_at ?? undefined,
    outcome: row.outcome ?? undefined,
    status: row.status ?? undefined,
    reason: row.reason ?? undefined,
  };
}
