import { events, sameCustomerWindowMs, type TrackingEvent } from '../../wire/fields.ts';
import type { CountedRow } from '../ledger/figures.ts';
import { toHex } from '../ledger/hash.ts';
import {
  firstCopy,
  mergeCopy,
  mergeRows,
  ofOtherCustomer,
  withoutCustomersSpelling,
} from '../ledger/merge.ts';
import { isStronger, type MergedCopies } from '../ledger/tracking.ts';
import type { Outcome } from './database.ts';
import { type OrderCopy, rowKey, type TrackingEntry } from './trackingStatements.ts';

/** A purchase or visit, as it stands or will stand in its table. */
export interface TrackingRecord {
  id: string;
  providerId: number;
  /** Of its first copy, in epoch milliseconds. */
  receivedAt: number;
  event: TrackingEvent;
  serviceName: string | undefined;
  customerId: string | undefined;
  orderId: string | undefined;
  /** As hexadecimal digits. */
  key: string | undefined;
  /** Names the order of a payment that has one. */
  order: string | undefined;
  /** What purchases share that only a stamped time tells apart; undefined for all others. */
  stampedBy: string | undefined;
  merged: MergedCopies;
  /** As it was counted when it was found; undefined of a row that wasn't there. */
  counted?: CountedRow | undefined;
}

/** What the entries of a transaction make of the rows that they may meet. */
export interface TrackingRows {
  /** Takes the entry in: as a row of its own, or as a copy of one that is there. */
  take(entry: TrackingEntry): Outcome;
  /** Rows that weren't there, with the entries that made them. */
  readonly added: ReadonlyMap<TrackingRecord, TrackingEntry>;
  /** Rows that were there and whose copies say more. */
  readonly changed: ReadonlySet<TrackingRecord>;
  /** Rows that have other names or ids now than when they came, or are told from others by something else. */
  readonly renamed: ReadonlySet<TrackingRecord>;
  /** Rows that were there and are part of another one now. */
  readonly removed: ReadonlySet<TrackingRecord>;
}

/**
 * @param known all rows that have a key of the entries, or that a stamped or proven one of them may be a copy of
 * @param outdated of which a row may have been deleted: they make no row of their own
 */
export function createTrackingRows(
  known: readonly TrackingRecord[],
  outdated: ReadonlySet<TrackingEntry>,
): TrackingRows {
  const byKey = new Map<string, TrackingRecord>();
  const byStamped = new Map<string, Set<TrackingRecord>>();
  const byOrder = new Map<string, Set<TrackingRecord>>();
  const added = new Map<TrackingRecord, TrackingEntry>();
  const changed = new Set<TrackingRecord>();
  const renamed = new Set<TrackingRecord>();
  const removed = new Set<TrackingRecord>();
  for (const record of known) keep(record);

  function keep(record: TrackingRecord): void {
    const { key, stampedBy, order } = record;
    if (key !== undefined) byKey.set(key, record);
    if (stampedBy !== undefined) addTo(byStamped, stampedBy, record);
    if (order !== undefined) addTo(byOrder, order, record);
  }

  function find(entry: TrackingEntry): TrackingRecord | undefined {
    const { order, key } = entry;
    const ofOrder = order && byKey.get(toHex(order.key));
    return ofOrder ?? (key && byKey.get(toHex(key))) ?? findNearby(entry);
  }

  /** The nearest in time of the customer's other purchases of the same service, within the 24 hours. */
  function findNearby(entry: TrackingEntry): TrackingRecord | undefined {
    const { purchasedAt } = firstCopy(entry.copy).details;
    const others = byStamped.get(stampedBy(entry) ?? '');
    if (purchasedAt === undefined || !others) return undefined;
    const distance = ({ merged }: TrackingRecord) =>
      Math.abs((merged.details.purchasedAt ?? Number.NaN) - purchasedAt);
    const near = [...others].filter((record) => distance(record) < sameCustomerWindowMs);
    return near.sort((one, other) => distance(one) - distance(other))[0];
  }

  function add(entry: TrackingEntry): Outcome {
    const { id, event, customerId, copy } = entry;
    const keyOfRow = rowKey(entry);
    const merged = firstCopy(copy);
    const { serviceName, orderId } = { ...entry, ...merged.details };
    const record: TrackingRecord = {
      id,
      providerId: entry.providerId,
      receivedAt: copy.receivedAt,
      event,
      serviceName,
      customerId,
      orderId,
      key: keyOfRow && toHex(keyOfRow),
      order: entry.order && nameOfOrder(entry),
      stampedBy: stampedBy(entry),
      merged,
    };
    keep(record);
    added.set(record, entry);
    return { result: 'created', id };
  }

  /** The provider itself names the order: whatever customers its rows were said to be of, they are one. */
  function unite(entry: TrackingEntry, order: OrderCopy): TrackingRecord | undefined {
    const rows = [...(byOrder.get(nameOfOrder(entry) ?? '') ?? [])];
    rows.sort((one, other) => (one.id < other.id ? -1 : 1));
    const first = byKey.get(toHex(order.key)) ?? rows[0];
    if (!first) return undefined;
    for (const other of rows) {
      if (other === first) continue;
      first.merged = mergeRows(first.merged, withoutCustomersSpelling(other.merged));
      noteChange(first);
      drop(other);
    }
    return first;
  }

  /**
   * Tells the row by what the provider's strongest word on its order is. Of words that are equally strong the first
   * payment stands before a renewal, and the customer who comes first in the alphabet: any rule would do that isn't the
   * order of arrival, so that the ledger is the same in the end.
   */
  function name(record: TrackingRecord, { event, customerId, copy }: TrackingEntry, order: OrderCopy): void {
    const key = toHex(order.key);
    const { trust } = firstCopy(copy);
    const isStrongest = isStronger(trust, record.merged.trust);
    const isAsStrong = trust === record.merged.trust;
    const isFirstEvent = isAsStrong && events.indexOf(event) < events.indexOf(record.event);
    const isFirstCustomer = isAsStrong && String(customerId) < String(record.customerId);
    const next = {
      key,
      customerId: isStrongest || isFirstCustomer ? customerId : record.customerId,
      event: isStrongest || isFirstEvent ? event : record.event,
    };
    if (next.customerId !== record.customerId) {
      record.merged = withoutCustomersSpelling(record.merged);
      noteChange(record);
    }
    if (record.key === key && next.customerId === record.customerId && next.event === record.event) return;
    if (record.key !== undefined) byKey.delete(record.key);
    Object.assign(record, next);
    byKey.set(key, record);
    renamed.add(record);
  }

  /** A stronger copy may call it otherwise, where that doesn't tell it from others. */
  function merge(record: TrackingRecord, row: MergedCopies): void {
    record.merged = row;
    noteChange(record);
    const { serviceName = record.serviceName, orderId = record.orderId } = row.details;
    if (serviceName === record.serviceName && orderId === record.orderId) return;
    Object.assign(record, { serviceName, orderId });
    renamed.add(record);
  }

  function drop(record: TrackingRecord): void {
    if (record.key !== undefined) byKey.delete(record.key);
    if (record.order !== undefined) byOrder.get(record.order)?.delete(record);
    changed.delete(record);
    renamed.delete(record);
    if (!added.delete(record)) removed.add(record);
  }

  function noteChange(record: TrackingRecord): void {
    if (!added.has(record)) changed.add(record);
  }

  return {
    added,
    changed,
    renamed,
    removed,
    take(entry) {
      const { order, copy } = entry;
      const record = (order?.isProven && unite(entry, order)) || find(entry);
      if (!record) return outdated.has(entry) ? { result: 'outdated', id: entry.id } : add(entry);
      if (order?.isProven) name(record, entry, order);
      const { id, merged } = record;
      const isOfOther = entry.customerId !== record.customerId;
      const { row, isConflict } = mergeCopy(merged, isOfOther ? ofOtherCustomer(copy) : copy);
      if (row !== merged) merge(record, row);
      return { result: isConflict ? 'conflict' : 'duplicate', id };
    },
  };
}

function addTo(rows: Map<string, Set<TrackingRecord>>, name: string, record: TrackingRecord): void {
  const ofName = rows.get(name);
  if (ofName) ofName.add(record);
  else rows.set(name, new Set([record]));
}

type Owner = Pick<TrackingEntry, 'providerId' | 'customerId' | 'serviceName' | 'orderId'>;

/** Names the order of a provider's service; undefined for none. */
export function nameOfOrder({
  providerId,
  serviceName,
  orderId,
}: Omit<Owner, 'customerId'>): string | undefined {
  return orderId === undefined ? undefined : `order ${providerId} ${orderId.length} ${orderId}${serviceName}`;
}

/** Names the customer and service whose stamped purchases within 24 hours are one. */
export function stampedBy(entry: Owner & Pick<TrackingEntry, 'stamped'>): string | undefined {
  const { stamped, providerId, customerId, serviceName } = entry;
  return stamped ? JSON.stringify(['stamped', providerId, customerId, serviceName]) : undefined;
}
