import type { TrackingColumns } from './schema.ts';

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
  remove(ids: readonly Buffer[]): Promise<void>;
}

/**
 * Rows of an order, each of another customer, that become one at once. Whoever makes up more of them has to send as
 * many messages; the rest become one with the next copies that are proven.
 */
export const maxClaims = 100;

/** A row that isn't there as far as its entry can tell. */
export interface NewTracking {
  columns: TrackingColumns;
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
  ...copiesColumns,
] as const satisfies readonly (keyof TrackingColumns)[];

export type StoredCopies = Pick<TrackingColumns, (typeof copiesColumns)[number]>;
export type FoundTracking = Pick<TrackingColumns, (typeof foundColumns)[number]>;
export type ChangedTracking = StoredCopies & Pick<TrackingColumns, 'id'>;
export type RenamedTracking = Pick<
  TrackingColumns,
  'id' | 'event' | 'service_name' | 'customer_id' | 'order_id' | 'dedupe_key'
>;
