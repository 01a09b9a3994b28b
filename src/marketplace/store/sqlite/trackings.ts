import type Database from 'better-sqlite3';
import { sameCustomerWindowMs } from '../../../wire/fields.ts';
import type { LatestRefund } from '../../ledger/figures.ts';
import type { TrackingColumns } from '../schema.ts';
import {
  type ChangedTracking,
  copiesColumns,
  type FoundRefund,
  type FoundTracking,
  foundColumns,
  maxClaims,
  type OwnedRow,
  type RenamedTracking,
  type TrackingStatements,
} from '../trackingStatements.ts';
import { prepareFigures } from './figures.ts';

/** The columns in the order of the statement's values. */
const insertedColumns = [
  'id',
  'event',
  'dedupe_key',
  'provider_id',
  'stamped',
  'service_name',
  'customer_id',
  'order_id',
  ...copiesColumns,
  'received_at',
] as const satisfies readonly (keyof TrackingColumns)[];

/** Statements compiled once, and bound row by row. The rows that were found stay as they are: whoever writes is alone. */
export function prepareTrackings(connection: Database.Database): TrackingStatements {
  const findOfCustomer = connection.prepare<unknown[], FoundTracking>(
    `select ${foundColumns} from trackings where provider_id = ? and customer_id = ? and dedupe_key = ?`,
  );
  const findWithoutCustomer = connection.prepare<unknown[], FoundTracking>(
    `select ${foundColumns} from trackings where provider_id = ? and customer_id is null and dedupe_key = ?`,
  );
  const findAnyOfOrder = connection.prepare<unknown[]>(
    'select 1 from trackings where provider_id = ? and order_id = ? and service_name = ? limit 1',
  );
  const findOfOrder = connection.prepare<unknown[], FoundTracking>(
    `select ${foundColumns} from trackings
     where provider_id = ? and order_id = ? and service_name = ? and dedupe_key in (?, ?)`,
  );
  const findClaims = connection.prepare<unknown[], FoundTracking>(
    `select ${foundColumns} from trackings
     where provider_id = ? and order_id = ? and service_name = ? and event in ('purchase', 'renewal')
     limit ${maxClaims}`,
  );
  const findNearby = connection.prepare<unknown[], FoundTracking>(
    `select ${foundColumns} from trackings
     where stamped = 1 and provider_id = ? and customer_id = ? and service_name = ?
       and purchased_at > ? - ${sameCustomerWindowMs} and purchased_at < ? + ${sameCustomerWindowMs}`,
  );
  const insert = connection.prepare<unknown[]>(
    `insert into trackings (${insertedColumns}) values (${insertedColumns.map(() => '?')})`,
  );
  const update = connection.prepare<[ChangedTracking]>(
    `update trackings set ${copiesColumns.map((name) => `${name} = :${name}`)} where id = :id and provider_id = :provider_id`,
  );
  const rename = connection.prepare<[RenamedTracking]>(
    `update trackings set event = :event, service_name = :service_name, customer_id = :customer_id,
       order_id = :order_id, dedupe_key = :dedupe_key
     where id = :id and provider_id = :provider_id`,
  );
  const remove = connection.prepare<[OwnedRow]>(
    'delete from trackings where id = :id and provider_id = :provider_id',
  );
  const findAnyRefund = connection.prepare<unknown[]>(
    `select 1 from trackings where event = 'refund' and provider_id = ? and order_id = ? and service_name = ? limit 1`,
  );
  const findRefund = connection.prepare<unknown[], LatestRefund>(
    `select purchased_at as purchasedAt, amount, currency from trackings
     where event = 'refund' and provider_id = ? and order_id = ? and service_name = ?
     order by purchased_at desc, cast(amount as numeric) desc, currency desc, amount desc limit 1`,
  );
  const findPaid = connection.prepare<unknown[], FoundTracking>(
    `select ${foundColumns} from trackings
     where provider_id = ? and order_id = ? and service_name = ? and event in ('purchase', 'renewal')`,
  );
  const figures = prepareFigures(connection);

  return {
    async find(sought) {
      const found = new Map<string, FoundTracking>();
      const keep = (row: FoundTracking | undefined) => row && found.set(row.id.toString('hex'), row);
      for (const { providerId, customerId, key, order, stamped } of sought) {
        if (order) {
          const named = [providerId, order.orderId, order.serviceName];
          // Most orders are new, and one row is asked for in less time than all.
          if (!findAnyOfOrder.get(...named)) continue;
          for (const row of findOfOrder.all(...named, order.key, key)) keep(row);
          if (order.isProven) for (const row of findClaims.all(...named)) keep(row);
        } else if (key) {
          keep(
            customerId === undefined
              ? findWithoutCustomer.get(providerId, key)
              : findOfCustomer.get(providerId, customerId, key),
          );
        }
        if (stamped) {
          const { serviceName, purchasedAt } = stamped;
          const nearby = findNearby.all(providerId, customerId, serviceName, purchasedAt, purchasedAt);
          for (const row of nearby) keep(row);
        }
      }
      return [...found.values()];
    },
    async insert(rows) {
      for (const row of rows) insert.run(insertedColumns.map((name) => row[name]));
    },
    async update(rows) {
      for (const row of rows) update.run(row);
    },
    async rename(rows) {
      for (const row of rows) rename.run(row);
    },
    async remove(rows) {
      for (const { id, provider_id } of rows) remove.run({ id, provider_id });
    },
    async findRefunds(orders) {
      const found: FoundRefund[] = [];
      for (const order of orders) {
        const named = [order.providerId, order.orderId, order.serviceName];
        // Most orders have none, and whether there is any is asked for in a tenth of the time.
        const refund = findAnyRefund.get(...named) ? findRefund.get(...named) : undefined;
        if (refund) found.push({ ...order, ...refund });
      }
      return found;
    },
    async findPayments(orders) {
      return orders.flatMap((order) => findPaid.all(order.providerId, order.orderId, order.serviceName));
    },
    moveFigures: figures.move,
  };
}
