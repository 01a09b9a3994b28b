import type { TrackingEvent } from '../../wire/fields.ts';
import type { Copy, MergedCopies } from '../ledger/tracking.ts';
import type { RejectionEntry, RejectionStore } from './rejections.ts';
import type { PageQuery } from './store.ts';
import type { ReportEntry } from './subscriptions.ts';

/** The tables that grow: purchases, signups and visits, clicks, rejections. Reports of subscriptions are written here too. */
export interface LedgerStore extends RejectionStore {
  /**
   * Writes all entries in one transaction, in their order, each seeing those before it; resolves when they
   * are on disk. When it throws, nothing was written.
   */
  write(entries: readonly Entry[]): Promise<Outcome[]>;
  findTracking(id: string): Promise<TrackingRow | undefined>;
  listTrackings(query: TrackingQuery): Promise<TrackingRow[]>;
  /** Those of the referral ids that links of ours have minted, for whichever provider. */
  findMintedReferrals(referrals: readonly string[]): Promise<string[]>;
  listClicks(query: PageQuery & { providerId: number }): Promise<ClickRow[]>;
}

export type Entry = TrackingEntry | ClickEntry | RejectionEntry | ReportEntry;

export interface TrackingEntry {
  kind: 'tracking';
  id: string;
  event: TrackingEvent;
  providerId: number;
  /** Hash of what makes copies the same; undefined when nothing does. */
  key: Uint8Array | undefined;
  /** True when only the sender's stamped time tells it from the customer's other purchases. */
  stamped: boolean;
  serviceName?: string | undefined;
  customerId?: string | undefined;
  orderId?: string | undefined;
  copy: Copy;
}

export interface ClickEntry {
  kind: 'click';
  id: string;
  providerId: number;
  listing: string;
  referral: string;
  clickedAt: number;
  isBot: boolean;
}

/**
 * What became of an entry; the id is that of the row, which an earlier one may have made. `forgotten`: nothing was
 * written, since its customer was forgotten.
 */
export interface Outcome {
  result: 'created' | 'duplicate' | 'conflict' | 'forgotten';
  id: string;
}

export interface TrackingRow {
  id: string;
  event: TrackingEvent;
  partnerKey: string;
  serviceName?: string | undefined;
  customerId?: string | undefined;
  orderId?: string | undefined;
  receivedAt: number;
  /** Whether the service's own link minted the referral for this provider. */
  referralMinted: boolean;
  merged: MergedCopies;
}

export interface ClickRow {
  id: string;
  listing: string;
  referral: string;
  clickedAt: number;
  isBot: boolean;
}

export interface TrackingQuery extends PageQuery {
  providerId: number;
  /** All of them where it is left out. */
  events?: readonly TrackingEvent[] | undefined;
  customerId?: string | undefined;
}
