import type { FigureChanges } from '../ledger/figureChanges.ts';
import { type CountedRow, contributionsOf, type LatestRefund } from '../ledger/figures.ts';
import { isPayment } from '../ledger/tracking.ts';
import { isTestRow, type Minted, verdictOf } from '../ledger/verdict.ts';
import { nameOfOrder, type TrackingRecord } from './trackingRows.ts';
import {
  type FoundRefund,
  type FoundTracking,
  type OrderName,
  type TrackingEntry,
  type TrackingStatements,
  toMergedCopies,
  toMinted,
} from './trackingStatements.ts';

/** A row of the table as it is counted. */
export function toCountedRow(row: FoundTracking): CountedRow {
  return {
    event: row.event,
    providerId: row.provider_id,
    serviceName: row.service_name ?? undefined,
    receivedAt: row.received_at,
    merged: toMergedCopies(row),
    verdict: row.verdict ?? undefined,
    minted: toMinted(row),
    isTest: row.test === 1,
  };
}

/** A row as it is counted once it is written. */
export function toCounted(record: TrackingRecord, minted: Minted | undefined): CountedRow {
  const row = { ...record, minted };
  return { ...row, verdict: verdictOf(row), isTest: isTestRow(row) };
}

type Ordered = Pick<TrackingEntry, 'providerId' | 'event' | 'serviceName' | 'orderId'>;

/** The orders of the payments and refunds among them, each once. */
export function ordersOf(rows: readonly Ordered[]): OrderName[] {
  const orders = new Map<string, OrderName>();
  for (const { event, providerId, orderId, serviceName } of rows) {
    if (!isPayment(event) && event !== 'refund') continue;
    if (orderId === undefined || serviceName === undefined) continue;
    const order = { providerId, orderId, serviceName };
    orders.set(nameOfOrder(order) ?? '', order);
  }
  return [...orders.values()];
}

/** The refunds by the names of their orders. */
export function byOrder(refunds: readonly FoundRefund[]): Map<string, LatestRefund> {
  return new Map(refunds.map((refund) => [nameOfOrder(refund) ?? '', refund]));
}

/**
 * Deletes rows and takes them out of the figures, with what was refunded of payments that stay. To be called alone: nobody
 * may write trackings meanwhile.
 */
export async function removeTrackings(
  statements: TrackingStatements,
  rows: readonly FoundTracking[],
  changes: FigureChanges,
): Promise<void> {
  const named = rows.map((row) => ({ ...toOrdered(row), row }));
  const before = byOrder(await statements.findRefunds(ordersOf(named)));
  await statements.remove(rows);
  for (const { row, ...order } of named) {
    changes.subtract(contributionsOf(toCountedRow(row), before.get(nameOfOrder(order) ?? '')));
  }
  const refunded = ordersOf(named.filter(({ event }) => event === 'refund'));
  if (refunded.length === 0) return;
  const after = byOrder(await statements.findRefunds(refunded));
  for (const row of await statements.findPayments(refunded)) {
    const name = nameOfOrder(toOrdered(row)) ?? '';
    changes.subtract(contributionsOf(toCountedRow(row), before.get(name)));
    changes.add(contributionsOf(toCountedRow(row), after.get(name)));
  }
}

function toOrdered(row: FoundTracking) {
  return {
    event: row.event,
    providerId: row.provider_id,
    orderId: row.order_id ?? undefined,
    serviceName: row.service_name ?? undefined,
  };
}
