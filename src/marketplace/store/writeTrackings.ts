import { sameCustomerWindowMs } from '../../wire/fields.ts';
import { fromBytes, toBytes } from '../ledger/id.ts';
import { ConflictError, firstCopy, mergeCopy } from '../ledger/merge.ts';
import type { MergedCopies } from '../ledger/tracking.ts';
import type { Outcome } from './database.ts';
import type { FoundTracking, TrackingStatements } from './trackingStatements.ts';
import { type TrackingEntry, toMergedCopies, toStoredCopies, toTrackingColumns } from './trackings.ts';

/** What the entries have to be alone with: the customers whose purchases only a stamped time tells apart. */
export function trackingLocksOf(entries: readonly TrackingEntry[]): string[] {
  return entries.flatMap((entry) => stampedBy(entry) ?? []);
}

/** Finds the rows that the entries may be copies of. To be called with the locks of `trackingLocksOf`. */
export async function findKnown(
  statements: TrackingStatements,
  entries: readonly TrackingEntry[],
): Promise<TrackingRecord[]> {
  if (entries.length === 0) return [];
  const found = await statements.find(
    entries.map((entry) => {
      const { key, stamped, providerId, customerId, serviceName, copy } = entry;
      const { purchasedAt } = firstCopy(copy).details;
      const isSought = customerId !== undefined && serviceName !== undefined && purchasedAt !== undefined;
      return {
        key,
        stamped: stamped && isSought ? { providerId, customerId, serviceName, purchasedAt } : undefined,
      };
    }),
  );
  return found.map(toRecord);
}

/**
 * Writes purchases, signups and visits, each as if those before it were there. To be called with the locks of
 * `trackingLocksOf`.
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
  if (rows.added.size > 0) {
    await statements.insert([...rows.added].map(([{ merged }, entry]) => toTrackingColumns(entry, merged)));
  }
  if (rows.changed.size > 0) {
    await statements.update(
      [...rows.changed].map(({ id, merged }) => ({ id: toBytes(id), ...toStoredCopies(merged) })),
    );
  }
  return outcomes;
}

function toRecord(row: FoundTracking): TrackingRecord {
  return {
    id: fromBytes(row.id),
    key: row.dedupe_key ? hexKey({ key: row.dedupe_key }) : undefined,
    stampedBy: stampedBy({
      stamped: row.stamped === 1,
      providerId: row.provider_id,
      customerId: row.customer_id ?? undefined,
      serviceName: row.service_name ?? undefined,
    }),
    merged: toMergedCopies(row),
  };
}

/** A purchase or visit, as it stands or will stand in its table. */
export interface TrackingRecord {
  id: string;
  /** As hexadecimal digits. */
  key: string | undefined;
  /** What purchases share that only a stamped time tells apart; undefined for all others. */
  stampedBy: string | undefined;
  merged: MergedCopies;
}

/** What the entries of a transaction make of the rows that they may meet. */
interface TrackingRows {
  /** Takes the entry in: as a row of its own, or as a copy of one that is there. */
  take(entry: TrackingEntry): Outcome;
  /** Rows that weren't there, with the entries that made them. */
  readonly added: ReadonlyMap<TrackingRecord, TrackingEntry>;
  /** Rows that were there and have changed. */
  readonly changed: ReadonlySet<TrackingRecord>;
}

/** @param known all rows that have a key of the entries, or that a stamped one of them may be a copy of */
function createTrackingRows(known: readonly TrackingRecord[]): TrackingRows {
  const byKey = new Map<string, TrackingRecord>();
  const byStamped = new Map<string, TrackingRecord[]>();
  const added = new Map<TrackingRecord, TrackingEntry>();
  const changed = new Set<TrackingRecord>();
  for (const record of known) keep(record);

  function keep(record: TrackingRecord): void {
    const { key, stampedBy } = record;
    if (key !== undefined) byKey.set(key, record);
    if (stampedBy !== undefined) byStamped.set(stampedBy, [...(byStamped.get(stampedBy) ?? []), record]);
  }

  function find(entry: TrackingEntry): TrackingRecord | undefined {
    return byKey.get(hexKey(entry) ?? '') ?? findNearby(entry);
  }

  /** The nearest in time of the customer's other purchases of the same service, within the 24 hours. */
  function findNearby(entry: TrackingEntry): TrackingRecord | undefined {
    const { purchasedAt } = firstCopy(entry.copy).details;
    const others = byStamped.get(stampedBy(entry) ?? '');
    if (purchasedAt === undefined || !others) return undefined;
    const distance = ({ merged }: TrackingRecord) =>
      Math.abs((merged.details.purchasedAt ?? Number.NaN) - purchasedAt);
    const near = others.filter((record) => distance(record) < sameCustomerWindowMs);
    return near.sort((one, other) => distance(one) - distance(other))[0];
  }

  function add(entry: TrackingEntry): Outcome {
    const record: TrackingRecord = {
      id: entry.id,
      key: hexKey(entry),
      stampedBy: stampedBy(entry),
      merged: firstCopy(entry.copy),
    };
    keep(record);
    added.set(record, entry);
    return { result: 'created', id: entry.id };
  }

  return {
    added,
    changed,
    take(entry) {
      const record = find(entry);
      if (!record) return add(entry);
      const { id, merged } = record;
      try {
        record.merged = mergeCopy(merged, entry.copy);
      } catch (error) {
        if (error instanceof ConflictError) return { result: 'conflict', id };
        throw error;
      }
      if (record.merged !== merged && !added.has(record)) changed.add(record);
      return { result: 'duplicate', id };
    },
  };
}

function hexKey({ key }: Pick<TrackingEntry, 'key'>): string | undefined {
  return key && Buffer.from(key).toString('hex');
}

/** Names the customer and service whose stamped purchases within 24 hours are one. */
function stampedBy(
  entry: Pick<TrackingEntry, 'stamped' | 'providerId' | 'customerId' | 'serviceName'>,
): string | undefined {
  const { stamped, providerId, customerId, serviceName } = entry;
  return stamped ? JSON.stringify(['stamped', providerId, customerId, serviceName]) : undefined;
}
