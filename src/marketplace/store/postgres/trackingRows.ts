import { sameCustomerWindowMs } from '../../../wire/fields.ts';
import { ConflictError, firstCopy, mergeCopy } from '../../ledger/merge.ts';
import type { MergedCopies } from '../../ledger/tracking.ts';
import type { Outcome, TrackingEntry } from '../ledger.ts';

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
export interface TrackingRows {
  /** Takes the entry in: as a row of its own, or as a copy of one that is there. */
  take(entry: TrackingEntry): Outcome;
  /** Rows that weren't there, with the entries that made them. */
  readonly added: ReadonlyMap<TrackingRecord, TrackingEntry>;
  /** Rows that were there and have changed. */
  readonly changed: ReadonlySet<TrackingRecord>;
}

/** @param known all rows that have a key of the entries, or that a stamped one of them may be a copy of */
export function createTrackingRows(known: readonly TrackingRecord[]): TrackingRows {
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

export function hexKey({ key }: Pick<TrackingEntry, 'key'>): string | undefined {
  return key && Buffer.from(key).toString('hex');
}

/** Names the customer and service whose stamped purchases within 24 hours are one. */
export function stampedBy(
  entry: Pick<TrackingEntry, 'stamped' | 'providerId' | 'customerId' | 'serviceName'>,
): string | undefined {
  const { stamped, providerId, customerId, serviceName } = entry;
  return stamped ? JSON.stringify(['stamped', providerId, customerId, serviceName]) : undefined;
}
