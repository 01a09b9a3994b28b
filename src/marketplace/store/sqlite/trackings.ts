import type Database from 'better-sqlite3';
import { sameCustomerWindowMs } from '../../../wire/fields.ts';
import type { TrackingColumns } from '../schema.ts';
import {
  type ChangedTracking,
  copiesColumns,
  type FoundTracking,
  foundColumns,
  type StampedTime,
  type TrackingStatements,
} from '../trackingStatements.ts';

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
  const findByKey = connection.prepare<[Uint8Array], FoundTracking>(
    `select ${foundColumns} from trackings where dedupe_key = ?`,
  );
  const findNearby = connection.prepare<[StampedTime], FoundTracking>(
    `select ${foundColumns} from trackings
     where stamped = 1 and provider_id = :providerId and customer_id = :customerId
       and service_name = :serviceName
       and purchased_at > :purchasedAt - ${sameCustomerWindowMs}
       and purchased_at < :purchasedAt + ${sameCustomerWindowMs}`,
  );
  const insert = connection.prepare<[TrackingColumns]>(
    `insert into trackings (${insertedColumns}) values (${insertedColumns.map((name) => `:${name}`)})`,
  );
  const update = connection.prepare<[ChangedTracking]>(
    `update trackings set ${copiesColumns.map((name) => `${name} = :${name}`)} where id = :id`,
  );

  return {
    async find(sought) {
      const found = new Map<string, FoundTracking>();
      const keep = (row: FoundTracking | undefined) => row && found.set(row.id.toString('hex'), row);
      for (const { key, stamped } of sought) {
        if (key) keep(findByKey.get(key));
        if (stamped) for (const row of findNearby.all(stamped)) keep(row);
      }
      return [...found.values()];
    },
    async insert(rows) {
      for (const row of rows) insert.run(row);
    },
    async update(rows) {
      for (const row of rows) update.run(row);
    },
  };
}
