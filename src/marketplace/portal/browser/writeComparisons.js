import { visibleText } from './visibleText.js';

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
  return `\uFEFF${heads.join(',')}\r\n${rows.map((cells) => `${cells.map(writeCell).join(',')}\r\n`).join('')}`;
}

/** What spreadsheets take for a formula, blanks and characters that can't be seen before it included. */
const formula = /^(?:[\s\p{C}]*[=+\-@＝＋－＠]|[\t\r])/u;
/** The same behind what ends a cell for many: the semicolon by which spreadsheets of half of Europe go. */
const laterFormula = /(;[\s\p{C}]*)(?=[=+\-@＝＋－＠])/gu;
const number = /^-?\d+(?:\.\d+)?$/;

/**
 * As a text that no spreadsheet computes, by the apostrophe that they all know; a number stays one.
 *
 * @param {string | number | undefined} value
 * @returns {string}
 */
export function writeCell(value = '') {
  const text = String(value);
  const inert = formula.test(text) && !number.test(text) ? `'${text}` : text;
  return `"${visibleText(inert.replace(laterFormula, "$1'")).replaceAll('"', '""')}"`;
}
