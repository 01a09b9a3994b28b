/** @import { Comparison } from './compareOrders.js' */

const heads = [
  'outcome',
  'why',
  'line',
  'orderId',
  'amount',
  'currency',
  'customer',
  'marketplaceOrderId',
  'marketplaceAmount',
  'marketplaceCurrency',
  'marketplaceCustomer',
  'marketplacePurchasedAt',
];

/**
 * As CSV that a spreadsheet opens without running anything of it.
 *
 * @param {readonly Comparison[]} comparisons
 * @returns {string}
 */
export function writeComparisons(comparisons) {
  const rows = comparisons.map(({ outcome, why, theirs, ours }) => [
    outcome,
    why,
    theirs?.line,
    theirs?.orderId,
    theirs?.decimal ?? theirs?.amount,
    theirs?.currency,
    theirs?.customer,
    ours?.orderId,
    ours?.amount,
    ours?.currency,
    ours?.customerId,
    ours?.purchasedAt,
  ]);
  // The mark is for Excel, which would take it for what Windows writes in the west.
  return `\uFEFF${[heads, ...rows].map((cells) => `${cells.map(writeCell).join(',')}\r\n`).join('')}`;
}

/**
 * What a spreadsheet would take for a formula begins with an apostrophe, which makes it a text.
 *
 * @param {string | number | undefined} value
 * @returns {string}
 */
export function writeCell(value = '') {
  const text = String(value);
  const inert = /^[\s\p{Cf}]*[=+\-@＝＋－＠]|^[\t\r\n]/u.test(text) ? `'${text}` : text;
  return /[",;\s']/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
