import { z } from 'zod';
import { formatTime } from '../../wire/time.ts';
import { payments } from '../ledger/tracking.ts';
import type { ListStore } from '../store/store.ts';
import type { Reader } from './lists.ts';
import { moment, pageOf, parseQuery } from './query.ts';

/** By which lister.ts knows it; no address: the provider's page alone reads it, to compare the provider's books. */
export const paymentsPath = 'payments';

/** Of a page; without their copies, ten times as many rows take no longer than those of a list. */
const rowsAtOnce = 10_000;

const paymentsQuery = z.strictObject({
  event: z.enum(payments, `must be one of ${payments.join(', ')}`),
  from: moment,
  to: moment,
  cursor: z.union([z.literal(''), z.uuid('must be the next of an earlier answer')]).optional(),
});

/** @throws HttpProblem 400 that names every wrong parameter */
export function checkPaymentsQuery(query: unknown): void {
  parseQuery(paymentsQuery, query);
}

/** A page of a provider's purchases or renewals, newest first, as JSON: what books are compared by. */
export async function readPayments(store: ListStore, { provider }: Reader, query: unknown): Promise<string> {
  if (!provider) throw new Error("Books are a provider's.");
  const { id: providerId } = provider;
  const { cursor, from = 0, to = 0, event } = parseQuery(paymentsQuery, query);
  const before = cursor || undefined;
  const rows = await store.listPayments({ providerId, event, from, to, before, limit: rowsAtOnce + 1 });
  const { items, next } = pageOf(rows, rowsAtOnce, ({ id }) => id);
  const shown = items.map(({ purchasedAt, isTest, ...row }) => ({
    ...row,
    ...(purchasedAt !== undefined && { purchasedAt: formatTime(purchasedAt) }),
    ...(isTest && { test: true }),
  }));
  return JSON.stringify({ items: shown, next });
}
