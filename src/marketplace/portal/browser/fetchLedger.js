/** @import { LedgerOrder, RefusedOrder } from './compareOrders.js' */

/**
 * Where the marketplace's side is read, with the session of who reads the page.
 *
 * @typedef {{ payments: string, rejections: string }} Addresses
 */

/**
 * The days that are compared, YYYY-MM-DD, both included.
 *
 * @typedef {{ from: string, to: string }} Days
 */

/** Clocks and time zones differ, and some shops date an order by the day it was sent. */
const marginMs = 7 * 86_400_000;
const rejectionsAtOnce = '1000';

/**
 * What the marketplace has of those days, and of a week around them, so that no order is missed for its time alone.
 *
 * @param {Addresses} addresses
 * @param {Days} days
 * @param {(count: number) => void} tell how many have come
 * @returns {Promise<{ orders: LedgerOrder[], refused: RefusedOrder[] }>}
 */
export async function fetchLedger({ payments, rejections }, days, tell) {
  const from = String(Date.parse(`${days.from}T00:00:00Z`) - marginMs);
  const to = String(Date.parse(`${days.to}T00:00:00Z`) + marginMs + 86_400_000);
  /** @type {LedgerOrder[]} */
  const orders = [];
  /** @type {RefusedOrder[]} */
  const refused = [];
  /** @param {readonly LedgerOrder[]} items */
  const addOrders = (items) => {
    orders.push(...items);
    tell(orders.length);
  };
  /** @param {readonly Partial<RefusedOrder>[]} items */
  const addRefused = (items) => {
    for (const { orderId, reason = '', detail = '' } of items) {
      if (orderId !== undefined) refused.push({ orderId: String(orderId), reason, detail });
    }
  };
  await Promise.all([
    fetchAll(payments, { event: 'purchase', from, to }, addOrders),
    fetchAll(payments, { event: 'renewal', from, to }, addOrders),
    fetchAll(rejections, { limit: rejectionsAtOnce }, addRefused),
  ]);
  return { orders, refused };
}

/**
 * All pages of a list.
 *
 * @template Item
 * @param {string} address
 * @param {Record<string, string>} query
 * @param {(items: readonly Item[]) => void} add takes each page
 */
async function fetchAll(address, query, add) {
  let cursor = '';
  do {
    const response = await fetch(`${address}?${new URLSearchParams({ ...query, cursor })}`);
    if (!response.ok) throw new Error(await whyNot(response));
    /** @type {{ items: readonly Item[], next: string | null }} */
    const { items, next } = await response.json();
    add(items);
    cursor = next ?? '';
  } while (cursor !== '');
}

/**
 * @param {Response} response
 * @returns {Promise<string>}
 */
async function whyNot(response) {
  if (response.status === 401 || response.status === 403) {
    return 'Your session has ended. Sign in again in another window, then compare once more: your file is still here.';
  }
  const problem = await response.json().catch(() => ({}));
  return `The marketplace answered ${response.status}. ${problem.detail ?? 'Try again in a minute.'}`;
}
