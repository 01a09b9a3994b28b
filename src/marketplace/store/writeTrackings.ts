import type { FigureChanges } from '../ledger/figureChanges.ts';
import { contributionsOf, type LatestRefund } from '../ledger/figures.ts';
import { toHex } from '../ledger/hash.ts';
import { fromBytes, toBytes } from '../ledger/id.ts';
import { firstCopy } from '../ledger/merge.ts';
import { isPayment } from '../ledger/tracking.ts';
import type { Minted } from '../ledger/verdict.ts';
import { byOrder, ordersOf, toCounted, toCountedRow } from './countTrackings.ts';
import type { Outcome, Tables } from './database.ts';
import { findOutdated } from './retention.ts';
import {
  createTrackingRows,
  nameOfOrder,
  stampedBy,
  type TrackingRecord,
  type TrackingRows,
} from './trackingRows.ts';
import {
  type FoundTracking,
  type OwnedRow,
  type RenamedTracking,
  type TrackingEntry,
  type TrackingStatements,
  toStoredCopies,
  toTrackingColumns,
} from './trackingStatements.ts';

/**
 * What the entries have to be alone with: the customers whose purchases only a stamped time tells apart, and the orders
 * whose rows a proven copy makes one, or of which money was given back: refunds are counted with their payments. Others
 * that name such an order share it, each having its row found by its own key.
 * Of orders there are 256 locks, by their keys' first byte: PostgreSQL's table of locks has a few thousand places, for
 * all batches of all instances together.
 */
export function trackingLocksOf(entries: readonly TrackingEntry[]): { share: string[]; hold: string[] } {
  const nameOf = (key: Uint8Array) => `orders ${key[0]}`;
  const orders = entries.flatMap(({ order }) => order ?? []);
  const held = new Set([
    ...orders.filter(({ isProven }) => isProven).map(({ key }) => nameOf(key)),
    ...entries.flatMap(({ refundedOrder }) => (refundedOrder ? nameOf(refundedOrder) : [])),
  ]);
  return {
    share: orders.map(({ key }) => nameOf(key)).filter((name) => !held.has(name)),
    hold: [...held, ...entries.flatMap((entry) => stampedBy(entry) ?? [])],
  };
}

/** What is there of the rows that entries have to do with. */
export interface KnownTrackings {
  records: TrackingRecord[];
  /** Of which a row may have been there and was deleted. */
  outdated: ReadonlySet<TrackingEntry>;
  /** The last words on refunds, by the names of the orders. */
  refunds: ReadonlyMap<string, LatestRefund>;
}

/** Finds the rows that the entries may be copies of. To be called with the locks of `trackingLocksOf`. */
export async function findKnown(
  { tables, statements }: { tables: Tables; statements: TrackingStatements },
  entries: readonly TrackingEntry[],
): Promise<KnownTrackings> {
  if (entries.length === 0) return { records: [], outdated: new Set(), refunds: new Map() };
  const sought = entries.map((entry) => {
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
  });
  // Together, since each by itself would wait for the network.
  const [found, payments, refunds, outdated] = await Promise.all([
    statements.find(sought),
    statements.findPayments(ordersOf(entries.filter(isRefund))),
    statements.findRefunds(ordersOf(entries)),
    findOutdated(tables, entries),
  ]);
  const rows = new Map([...found, ...payments].map((row) => [toHex(row.id), row]));
  return { records: [...rows.values()].map(toRecord), outdated, refunds: byOrder(refunds) };
}

/** What is written with, and what it changes. */
export interface TrackingWriting {
  statements: TrackingStatements;
  /** What `findKnown` has found for the entries, or for more than them. */
  known: KnownTrackings;
  /** What minted the entries' referrals, as far as it was ours. */
  minted: ReadonlyMap<string, Minted>;
  changes: FigureChanges;
}

/**
 * Writes purchases, signups, visits, renewals and refunds, each as if those before it were there. To be called with the
 * locks of `trackingLocksOf`.
 */
export async function writeTrackings(
  { statements, known, minted, changes }: TrackingWriting,
  entries: readonly TrackingEntry[],
): Promise<Outcome[]> {
  if (entries.length === 0) return [];
  const rows = createTrackingRows(known.records, known.outdated);
  const outcomes = entries.map((entry) => rows.take(entry));
  const { added, changed, renamed, removed } = rows;
  // A row remembers the link of a click that was deleted since.
  const told = [...minted].filter(([, { listing }]) => listing !== undefined);
  const ours = new Map([...minted, ...mintedOfKnown(known.records), ...told]);
  const mintedOf = ({ merged }: TrackingRecord) => ours.get(merged.details.referral ?? '');
  // In this order, since a row may get what tells another one from all others.
  if (removed.size > 0) await statements.remove([...removed].map(toOwned));
  const renamedBefore = [...renamed].filter((record) => !added.has(record));
  if (renamedBefore.length > 0) await statements.rename(renamedBefore.map(toNames));
  if (changed.size > 0) {
    await statements.update(
      [...changed].map((record) => ({
        ...toOwned(record),
        ...toStoredCopies({ ...record, minted: mintedOf(record) }),
      })),
    );
  }
  if (added.size > 0) {
    await statements.insert(
      [...added].map(([record, entry]) => {
        const columns = toTrackingColumns(entry, record.merged, mintedOf(record));
        return renamed.has(record) ? { ...columns, ...toNames(record) } : columns;
      }),
    );
  }
  const refunded = ordersOf(entries.filter(isRefund));
  const refundsNow = refunded.length > 0 ? byOrder(await statements.findRefunds(refunded)) : new Map();
  count({ ...rows, known, mintedOf, refundsNow, changes });
  return outcomes;
}

interface Counting extends Pick<TrackingRows, 'added' | 'changed' | 'renamed' | 'removed'> {
  known: KnownTrackings;
  mintedOf: (record: TrackingRecord) => Minted | undefined;
  /** Of orders of which a refund has come, the last word now. */
  refundsNow: ReadonlyMap<string, LatestRefund>;
  changes: FigureChanges;
}

/** Moves the figures from what the rows were to what they are. */
function count({ added, changed, renamed, removed, known, mintedOf, refundsNow, changes }: Counting): void {
  const refundedAnew = known.records.filter(({ order }) => order !== undefined && refundsNow.has(order));
  for (const record of new Set([...added.keys(), ...changed, ...renamed, ...removed, ...refundedAnew])) {
    const refund = known.refunds.get(record.order ?? '');
    if (record.counted) changes.subtract(contributionsOf(record.counted, refund));
    if (removed.has(record)) continue;
    const refundNow = refundsNow.get(record.order ?? '') ?? refund;
    changes.add(contributionsOf(toCounted(record, mintedOf(record)), refundNow));
  }
}

function mintedOfKnown(records: readonly TrackingRecord[]): [string, Minted][] {
  return records.flatMap(({ counted }) => {
    const { referral } = counted?.merged.details ?? {};
    return counted?.minted && referral !== undefined ? [[referral, counted.minted]] : [];
  });
}

function isRefund({ event }: TrackingEntry): boolean {
  return event === 'refund';
}

function toOwned({ id, providerId }: TrackingRecord): OwnedRow {
  return { id: toBytes(id), provider_id: providerId };
}

/** What tells the row from others. */
function toNames(record: TrackingRecord): RenamedTracking {
  const { key, event, serviceName, customerId, orderId } = record;
  return {
    ...toOwned(record),
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
  const counted = toCountedRow(row);
  return {
    ...columns,
    id: fromBytes(row.id),
    receivedAt: row.received_at,
    event: row.event,
    key: row.dedupe_key ? toHex(row.dedupe_key) : undefined,
    order: isPayment(row.event) ? nameOfOrder(columns) : undefined,
    stampedBy: stampedBy({ ...columns, stamped: row.stamped === 1 }),
    merged: counted.merged,
    counted,
  };
}
