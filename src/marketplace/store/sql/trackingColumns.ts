import type { MergedCopies } from '../../ledger/tracking.ts';
import type { TrackingEntry } from '../ledger.ts';
import { toBytes } from './id.ts';
import type { TrackingColumns } from './schema.ts';

/** The columns that copies fill together. */
export type StoredCopies = Pick<
  TrackingColumns,
  | 'purchased_at'
  | 'amount'
  | 'currency'
  | 'referral'
  | 'referral_source'
  | 'landed_at'
  | 'page'
  | 'trust'
  | 'copies'
>;

/** The row of a purchase or visit that wasn't there, as its entry and what was merged into it make it. */
export function trackingColumns(entry: TrackingEntry, merged: MergedCopies): TrackingColumns {
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
    ...mergedColumns(merged),
  };
}

export function mergedColumns({ details, trust, copies }: MergedCopies): StoredCopies {
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
