import { type Kysely, type SqlBool, sql } from 'kysely';
import { events, type TrackingEvent } from '../../../wire/fields.ts';
import type { ClickRow, LedgerStore, TrackingQuery, TrackingRow } from '../ledger.ts';
import { fromBytes, toBytes } from './id.ts';
import type { Schema, TrackingColumns } from './schema.ts';
import { toMergedCopies } from './trackingColumns.ts';

type LedgerReader = Pick<
  LedgerStore,
  'findTracking' | 'listTrackings' | 'findMintedReferrals' | 'listClicks'
>;

export function createLedgerReader(database: Kysely<Schema>): LedgerReader {
  const trackings = database
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
    async findTracking(id) {
      const found = await trackings.where('trackings.id', '=', toBytes(id)).executeTakeFirst();
      return found && toTrackingRow(found);
    },

    async listTrackings(query) {
      // Each event by itself, since the index is ordered by event before it is by id.
      const wanted = query.events ?? events;
      const lists = await Promise.all(wanted.map((event) => listEvent(event, query)));
      const newestFirst = lists.flat().sort((one, other) => Buffer.compare(other.id, one.id));
      return newestFirst.slice(0, query.limit).map(toTrackingRow);
    },

    async findMintedReferrals(referrals) {
      const query = database.selectFrom('clicks').select('referral').where('referral', 'in', referrals);
      return (await query.execute()).map(({ referral }) => referral);
    },

    async listClicks({ providerId, before, limit }) {
      let query = database.selectFrom('clicks').selectAll().where('provider_id', '=', providerId);
      if (before) query = query.where('id', '<', toBytes(before));
      const rows = await query.orderBy('id', 'desc').limit(limit).execute();
      return rows.map(
        (row): ClickRow => ({
          id: fromBytes(row.id),
          listing: row.listing,
          referral: row.referral,
          clickedAt: row.clicked_at,
          isBot: row.bot === 1,
        }),
      );
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
