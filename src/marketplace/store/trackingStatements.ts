import type { TrackingEvent } from '../../wire/fields.ts';
import type { FigureChanges } from '../ledger/figureChanges.ts';
import type { Contribution, LatestRefund } from '../ledger/figures.ts';
import { toBytes } from '../ledger/id.ts';
import { type Copy, identityDetails, type MergedCopies } from '../ledger/tracking.ts';
import { isTestRow, type Minted, verdictOf } from '../ledger/verdict.ts';
import type { TrackingColumns } from './schema.ts';

export interface TrackingEntry {
  kind: 'tracking';
  id: string;
  event: TrackingEvent;
  providerId: number;
  /** Hash of what makes copies the same; undefined when nothing does. */
  key: Uint8Array | undefined;
  /** Of a payment that names its order. */
  order?: OrderCopy | undefined;
  /** Of a refund: hash of what the row of its order is found by once the provider itself has named it. */
  refundedOrder?: Uint8Array | undefined;
  /** True when only the sender's stamped time tells it from the customer's other purchases. */
  stamped: boolean;
  /** Names and ids that tell rows apart; what doesn't, a signup's order, is in the copy. */
  serviceName?: string | undefined;
  customerId?: string | undefined;
  orderId?: string | undefined;
  copy: Copy;
}

/** What a copy has to do with the order that it names. */
export interface OrderCopy {
  /** Hash of what the order's row is found by once the provider itself has named it, whatever customer it is of. */
  key: Uint8Array;
  /** Whether the copy is the provider's own word, by its secret or a signature. */
  isProven: boolean;
}

/**
 * The writing of trackings, inside a transaction. It is the one table whose statements are each database's own: by
 * Kysely's, SQLite took batches at 0.65 to 0.76 and PostgreSQL stamped ones at 0.54 of the speed.
 */
export interface TrackingStatements {
  /**
   * All rows that have one of the keys, or are stamped and near one of those sought, each once. They stay as they are
   * until the transaction ends, but for what it writes itself.
   */
  find(sought: readonly SoughtTracking[]): Promise<FoundTracking[]>;
  insert(rows: readonly TrackingColumns[]): Promise<void>;
  update(rows: readonly ChangedTracking[]): Promise<void>;
  /** Changes the names and ids of rows, which is seldom: of an order that the provider comes to name, of a signup's order. */
  rename(rows: readonly RenamedTracking[]): Promise<void>;
  remove(rows: readonly OwnedRow[]): Promise<void>;
  /** The last word on the refunds of each order, as far as there is one. */
  findRefunds(orders: readonly OrderName[]): Promise<FoundRefund[]>;
  /** All rows of payments of the orders. */
  findPayments(orders: readonly OrderName[]): Promise<FoundTracking[]>;
  /** To be called last: others wait for the figures that it has changed. */
  moveFigures(changes: FigureChanges): Promise<void>;
}

/** An order of a provider's service. */
export interface OrderName {
  providerId: number;
  orderId: string;
  serviceName: string;
}

export type FoundRefund = OrderName & LatestRefund;

/**
 * Rows of an order, each of another customer, that become one at once. Whoever makes up more of them has to send as
 * many messages; the rest become one with the next copies that are proven.
 */
export const maxClaims = 100;

/** A row that isn't there as far as its entry can tell. */
export interface NewTracking {
  columns: TrackingColumns;
  /** What it adds to the figures: its own alone, since of its order there is nothing. */
  contribution: Contribution;
  /** What a customer who was forgotten is remembered by; null where there is no customer. */
  forgottenHash: Uint8Array | null;
}

/** What copies of a purchase or visit have in common. */
export interface SoughtTracking {
  providerId: number;
  customerId: string | undefined;
  /** Hash of what makes copies the same; undefined when nothing does. */
  key: Uint8Array | undefined;
  order: SoughtOrder | undefined;
  /** There where only a stamped time tells it from the customer's other purchases. */
  stamped: { serviceName: string; purchasedAt: number } | undefined;
}

/** Sought are the rows with the order's key and, for a copy that is proven, all others of the order: up to `maxClaims`. */
export interface SoughtOrder {
  orderId: string;
  serviceName: string;
  key: Uint8Array;
  isProven: boolean;
}

/** The columns that copies fill together. */
export const copiesColumns = [
  'purchased_at',
  'amount',
  'currency',
  'referral',
  'referral_source',
  'landed_at',
  'page',
  'trust',
  'copies',
  'minted_for',
  'listing',
  'campaign',
  'clicked_at',
  'verdict',
  'test',
] as const satisfies readonly (keyof TrackingColumns)[];

/** What is read of a row that an entry may be a copy of. */
export const foundColumns = [
  'id',
  'dedupe_key',
  'provider_id',
  'stamped',
  'event',
  'service_name',
  'customer_id',
  'order_id',
  'received_at',
  ...copiesColumns,
] as const satisfies readonly (keyof TrackingColumns)[];

export type StoredCopies = Pick<TrackingColumns, (typeof copiesColumns)[number]>;
export type FoundTracking = Pick<TrackingColumns, (typeof foundColumns)[number]>;
/** A row by its whole key: a ledger that is spread has all of a provider's rows in one place, and asks no other. */
export type OwnedRow = Pick<TrackingColumns, 'id' | 'provider_id'>;
export type ChangedTracking = StoredCopies & OwnedRow;
export type RenamedTracking = OwnedRow &
  Pick<TrackingColumns, 'event' | 'service_name' | 'customer_id' | 'order_id' | 'dedupe_key'>;

/** What the row of the entry is told from others by, where it is the first of its row. */
export function rowKey({ key, order }: Pick<TrackingEntry, 'key' | 'order'>): Uint8Array | undefined {
  return order?.isProven ? order.key : key;
}

/** A row as far as its copies make it. */
interface MadeRow {
  event: TrackingEvent;
  providerId: number;
  receivedAt: number;
  merged: MergedCopies;
  /** What minted its referral, if it was ours. */
  minted: Minted | undefined;
}

/** The row of a purchase or visit that wasn't there, as its entry and what was merged into it make it. */
export function toTrackingColumns(
  entry: TrackingEntry,
  merged: MergedCopies,
  minted: Minted | undefined,
): TrackingColumns {
  const key = rowKey(entry);
  const { event, providerId } = entry;
  const { receivedAt } = entry.copy;
  return {
    id: toBytes(entry.id),
    event,
    dedupe_key: key ? Buffer.from(key) : null,
    provider_id: providerId,
    stamped: entry.stamped ? 1 : 0,
    service_name: entry.serviceName ?? merged.details.serviceName ?? null,
    customer_id: entry.customerId ?? null,
    order_id: entry.orderId ?? merged.details.orderId ?? null,
    received_at: receivedAt,
    ...toStoredCopies({ event, providerId, receivedAt, merged, minted }),
  };
}

export function toStoredCopies(row: MadeRow): StoredCopies {
  const { details, trust, copies } = row.merged;
  return {
    purchased_at: details.purchasedAt ?? null,
    amount: details.amount ?? null,
    currency: details.currency ?? null,
    referral: details.referral ?? null,
    referral_source: details.referralSource ?? null,
    landed_at: details.landedAt ?? null,
    page: details.page ?? null,
    trust,
    copies: JSON.stringify(copies),
    minted_for: row.minted?.providerId ?? null,
    listing: row.minted?.listing ?? null,
    campaign: row.minted?.campaign ?? null,
    clicked_at: row.minted?.clickedAt ?? null,
    verdict: verdictOf(row) ?? null,
    test: isTestRow(row) ? 1 : 0,
  };
}

/** What minted the row's referral, if it was ours. */
export function toMinted(
  row: Pick<TrackingColumns, 'minted_for' | 'listing' | 'campaign' | 'clicked_at'>,
): Minted | undefined {
  const { minted_for: providerId, listing, campaign, clicked_at: clickedAt } = row;
  if (providerId === null || clickedAt === null) return undefined;
  return { providerId, listing: listing ?? undefined, campaign: campaign ?? undefined, clickedAt };
}

export function toMergedCopies(
  stored: StoredCopies & Pick<TrackingColumns, 'event' | 'service_name' | 'order_id'>,
): MergedCopies {
  const named = identityDetails[stored.event];
  return {
    details: {
      ...(named === 'serviceName' && stored.service_name !== null && { serviceName: stored.service_name }),
      ...(named === 'orderId' && stored.order_id !== null && { orderId: stored.order_id }),
      ...(stored.purchased_at !== null && { purchasedAt: stored.purchased_at }),
      ...(stored.amount !== null && { amount: stored.amount }),
      ...(stored.currency !== null && { currency: stored.currency }),
      ...(stored.referral !== null && { referral: stored.referral }),
      ...(stored.referral_source !== null && { referralSource: stored.referral_source }),
      ...(stored.landed_at !== null && { landedAt: stored.landed_at }),
      ...(stored.page !== null && { page: stored.page }),
    },
    trust: stored.trust,
    copies: JSON.parse(stored.copies),
  };
}
