import type { Selectable } from 'kysely';
import { latestAheadMs } from '../../wire/fields.ts';
import { firstIdAt, fromBytes, toBytes } from '../ledger/id.ts';
import type { payments } from '../ledger/tracking.ts';
import type { Database, PageQuery } from './database.ts';
import type { Schema } from './schema.ts';
import { isMoved } from './trackings.ts';

/** What books are compared by: a row's columns alone, without its copies. */
export interface PaymentRow {
  id: string;
  serviceName: string | undefined;
  customerId: string | undefined;
  orderId: string | undefined;
  purchasedAt: number | undefined;
  amount: string | undefined;
  currency: string | undefined;
  isTest: boolean;
}

export interface PaymentQuery extends PageQuery {
  providerId: number;
  event: (typeof payments)[number];
  /** By when it happened, in epoch milliseconds; before `to`. */
  from: number;
  to: number;
}

const columns = [
  'id',
  'service_name',
  'customer_id',
  'order_id',
  'purchased_at',
  'amount',
  'currency',
  'test',
] as const satisfies (keyof Schema['trackings'])[];

/** Purchases and renewals in great numbers. */
export function createPaymentStore({ reader }: Database) {
  return {
    /** Newest first. Of what ids tell as in listTrackings: not all that is older has to be read. */
    async listPayments({ providerId, event, from, to, before, limit }: PaymentQuery): Promise<PaymentRow[]> {
      const earliest = toBytes(firstIdAt(from - latestAheadMs));
      let rows = reader
        .selectFrom('trackings')
        .select(columns)
        .where('provider_id', '=', providerId)
        .where('event', '=', event)
        .where('purchased_at', '>=', from)
        .where('purchased_at', '<', to)
        .orderBy('id', 'desc')
        .limit(limit);
      if (before) rows = rows.where('id', '<', toBytes(before));
      const recent = await rows.where('id', '>=', earliest).execute();
      if (recent.length === limit) return recent.map(toPaymentRow);
      const moved = await rows.where('id', '<', earliest).where(isMoved).execute();
      return [...recent, ...moved].slice(0, limit).map(toPaymentRow);
    },
  };
}

function toPaymentRow(row: Pick<Selectable<Schema['trackings']>, (typeof columns)[number]>): PaymentRow {
  return {
    id: fromBytes(row.id),
    serviceName: row.service_name ?? undefined,
    customerId: row.customer_id ?? undefined,
    orderId: row.order_id ?? undefined,
    purchasedAt: row.purchased_at ?? undefined,
    amount: row.amount ?? undefined,
    currency: row.currency ?? undefined,
    isTest: row.test === 1,
  };
}
