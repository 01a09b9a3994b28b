import type Database from 'better-sqlite3';
import type { Kysely } from 'kysely';
import type { OrderStore } from '../orders.ts';
import { createOrderReader } from '../sql/readOrders.ts';
import type { Schema } from '../sql/schema.ts';
import { withPatience } from './patience.ts';
import { prepareOrderWriter } from './writeOrders.ts';

/** The connection should be one that waits for locks only shortly: the service stands still meanwhile. */
export function createOrderStore(connection: Database.Database, reader: Kysely<Schema>): OrderStore {
  const orders = createOrderReader(reader);
  const writer = prepareOrderWriter(connection);

  return {
    ...orders,
    async createOrder(order) {
      const isNew = await withPatience(() => writer.create(order));
      const kept = await orders.findOrderByToken(order.token);
      if (!kept) throw new Error('The order is not there after it was written.');
      return { result: isNew ? 'created' : 'known', order: kept };
    },
    beginAttempt: (attempt) => withPatience(() => writer.begin(attempt)),
    endAttempt: (attempt) => withPatience(() => writer.end(attempt)),
    changeOrder: (id, change, from, now) => withPatience(() => writer.change(id, change, from, now)),
    purgeOrders: (endedBefore) => withPatience(() => writer.purge(endedBefore)),
  };
}
