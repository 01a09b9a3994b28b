import { toHex } from '../ledger/hash.ts';
import { fromBytes, toBytes } from '../ledger/id.ts';
import { firstCopy } from '../ledger/merge.ts';
import { isPayment } from '../ledger/tracking.ts';
import type { Outcome } from './database.ts';
import { createTrackingRows, nameOfOrder, stampedBy, type TrackingRecord } from './trackingRows.ts';
import {
  type FoundTracking,
  type OrderCopy,
  type RenamedTracking,
  type TrackingEntry,
  type TrackingStatements,
  toMergedCopies,
  toStoredCopies,
  toTrackingColumns,
} from './trackingStatements.ts';

/**
 * What the entries have to be alone with: the customers whose purchases only a stamped time tells apart, and the orders
 * whose rows a proven copy makes one. Others that name such an order share it, each having its row found by its own key.
 * Of orders there are 256 locks, by their keys' first byte: PostgreSQL's table of locks has a few thousand places, for
 * all batches of all instances together.
 */
export function trackingLocksOf(entries: readonly TrackingEntry[]): { share: string[]; hold: string[] } {
  const nameOf = ({ key }: OrderCopy) => `orders ${key[0]}`;
  const orders = entries.flatMap(({ order }) => order ?? []);
  const proven = new Set(orders.filter(({ isProven }) => isProven).map(nameOf));
  return {
    share: orders.map(nameOf).filter((name) => !proven.has(name)),
    hold: [...proven, ...entries.flatMap((entry) => stampedBy(entry) ?? [])],
  };
}

/** Finds the rows that the entries may be copies of. To be called with the locks of `trackingLocksOf`. */
export async function findKnown(
  statements: TrackingStatements,
  entries: readonly TrackingEntry[],
): Promise<TrackingRecord[]> {
  if (entries.length === 0) return [];
  const found = await statements.find(
    entries.map((entry) => {
      const { key, order, stamped, providerId, customerId, serviceName, orderId, copy } = entry;
      const { purchasedAt } = firstCopy(copy).details;
      const isNearby = stamped && serviceName !== undefined && purchasedAt !== undefined;
      const isOfOrder = order && serviceName !== undefined && orderId !== undefined;
      return {
        providerId,
        customerId,
        key,
        order: isOfOrder ? { ...order, orderId, serviceName } : undefined,
        stamped: isNearby ? { serviceName, purchasedAt } : undefined,
      };
    }),
  );
  return found.map(toRecord);
}

/**
 * Writes purchases, signups, visits, renewals and refunds, each as if those before it were there. To be called with the
 * locks of `trackingLocksOf`.
 *
 * @param known what `findKnown` has found for them, or for more than them
 */
export async function writeTrackings(
  statements: TrackingStatements,
  entries: readonly TrackingEntry[],
  known: readonly TrackingRecord[],
): Promise<Outcome[]> {
  const rows = createTrackingRows(known);
  const outcomes = entries.map((entry) => rows.take(entry));
  const { added, changed, renamed, removed } = rows;
  // In this order, since a row may get what tells another one from all others.
  if (removed.size > 0) await statements.remove([...removed].map(({ id }) => toBytes(id)));
  const renamedBefore = [...renamed].filter((record) => !added.has(record));
  if (renamedBefore.length > 0) await statements.rename(renamedBefore.map(toNames));
  if (changed.size > 0) {
    await statements.update(
      [...changed].map(({ id, merged }) => ({ id: toBytes(id), ...toStoredCopies(merged) })),
    );
  }
  if (added.size > 0) {
    await statements.insert(
      [...added].map(([record, entry]) => {
        const columns = toTrackingColumns(entry, record.merged);
        return renamed.has(record) ? { ...columns, ...toNames(record) } : columns;
      }),
    );
  }
  return outcomes;
}

/** What tells the row from others. */
function toNames(record: TrackingRecord): RenamedTracking {
  const { id, key, event, serviceName, customerId, orderId } = record;
  return {
    id: toBytes(id),
    event,
    service_name: serviceName ?? null,
    customer_id: customerId ?? null,
    order_id: orderId ?? null,
    dedupe_key: key === undefined ? null : Buffer.from(key, 'hex'),
  };
}

function toRecord(row: FoundTracking): TrackingRecord {
  const columns = {
    providerId: row.provider_id,
    customerId: row.customer_id ?? undefined,
    serviceName: row.service_name ?? undefined,
    orderId: row.order_id ?? undefined,
  };
  return {
    id: fromBytes(row.id),
    event: row.event,
    serviceName: columns.serviceName,
    customerId: columns.customerId,
    orderId: columns.orderId,
    key: row.dedupe_key ? toHex(row.dedupe_key) : undefined,
    order: isPayment(row.event) ? nameOfOrder(columns) : undefined,
    stampedBy: stampedBy({ ...columns, stamped: row.stamped === 1 }),
    merged: toMergedCopies(row),
  };
}
