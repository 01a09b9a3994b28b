import { type SqlBool, sql } from 'kysely';
import { events, type TrackingEvent } from '../../wire/fields.ts';
import { fromBytes, toBytes } from '../ledger/id.ts';
import type { Copy, MergedCopies } from '../ledger/tracking.ts';
import type { Database, PageQuery } from './database.ts';
import type { TrackingColumns } from './schema.ts';
import type { StoredCopies } from './trackingStatements.ts';

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

export interface TrackingQuery extends PageQuery {
  providerId: number;
  /** All of them where it is left out. */
  events?: readonly TrackingEvent[] | undefined;
  customerId?: string | undefined;
}

export type TrackingStore = ReturnType<typeof createTrackingStore>;

/** Purchases, signups and visits, as they are read. */
export function createTrackingStore({ reader }: Database) {
  const trackings = reader
    .selectFrom('trackings')
    .innerJoin('providers', 'providers.id', 'trackings.provider_id')
    .selectAll('trackings')
    .select((row) => [
      'providers.partner_key',
      sql<SqlBool>`${row.exists(
        row
          .selectFrom('clicks')
          .select('clicks.id')
          .whereRef('clicks.referral', '=', 'trackings.referral')
          .whereRef('clicks.provider_id', '=', 'trackings.provider_id'),
      )}`.as('referral_minted'),
    ]);

  async function listEvent(event: TrackingEvent, { providerId, customerId, before, limit }: TrackingQuery) {
    let query = trackings
      .where('trackings.provider_id', '=', providerId)
      .where('trackings.event', '=', event);
    if (customerId !== undefined) query = query.where('trackings.customer_id', '=', customerId);
    if (before) query = query.where('trackings.id', '<', toBytes(before));
    return await query.orderBy('trackings.id', 'desc').limit(limit).execute();
  }

  return {
    async findTracking(id: string): Promise<TrackingRow | undefined> {
      const found = await trackings.where('trackings.id', '=', toBytes(id)).executeTakeFirst();
      return found && toTrackingRow(found);
    },

    async listTrackings(query: TrackingQuery): Promise<TrackingRow[]> {
      // Each event by itself, since the index is ordered by event before it is by id.
      const wanted = query.events ?? events;
      const lists = await Promise.all(wanted.map((event) => listEvent(event, query)));
      const newestFirst = lists.flat().sort((one, other) => Buffer.compare(other.id, one.id));
      return newestFirst.slice(0, query.limit).map(toTrackingRow);
    },
  };
}

type JoinedTracking = TrackingColumns & { partner_key: string; referral_minted: SqlBool };

function toTrackingRow(row: JoinedTracking): TrackingRow {
  return {
    id: fromBytes(row.id),
    event: row.event,
    partnerKey: row.partner_key,
    serviceName: row.service_name ?? undefined,
    customerId: row.customer_id ?? undefined,
    orderId: row.order_id ?? undefined,
    receivedAt: row.received_at,
    referralMinted: Boolean(row.referral_minted),
    merged: toMergedCopies(row),
  };
}

/** The row of a purchase or visit that wasn't there, as its entry and what was merged into it make it. */
export function toTrackingColumns(entry: TrackingEntry, merged: MergedCopies): TrackingColumns {
  return {
    id: toBytes(entry.id),
    event: entry.event,
    dedupe_key: entry.key ? Buffer.from(entry.key) : null,
    provider_id: entry.providerId,
    stamped: entry.stamped ? 1 : 0,
    service_name: entry.serviceName ?? null,
    customer_id: entry.customerId ?? null,
    order_id: entry.orderId ?? null,
    received_at: entry.copy.receivedAt,
    ...toStoredCopies(merged),
  };
}

export function toStoredCopies({ details, trust, copies }: MergedCopies): StoredCopies {
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
  };
}

export function toMergedCopies(stored: StoredCopies): MergedCopies {
  return {
    details: {
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
