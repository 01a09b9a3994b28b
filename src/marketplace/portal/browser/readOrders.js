import { currencyIn, readAmount } from './readAmount.js';
import { readDay } from './readDay.js';

/** @import { Columns } from './guessColumns.js' */
/** @import { DecimalSign } from './readAmount.js' */
/** @import { TableRow } from './readTable.js' */

/**
 * An order as the file has it, in the forms that the ledger compares.
 *
 * @typedef {object} FileOrder
 * @property {number} line
 * @property {string} orderId
 * @property {string} amount as it stands in the file; empty where there is none
 * @property {string | undefined} decimal what it is, where it can be read
 * @property {string | undefined} currency
 * @property {string | undefined} customer
 * @property {string | undefined} day
 */

/**
 * How the file is read.
 *
 * @typedef {object} Reading
 * @property {Columns} columns
 * @property {DecimalSign} decimalSign
 * @property {boolean} isDayFirst
 */

/**
 * @param {readonly TableRow[]} rows
 * @param {Reading} reading
 * @returns {FileOrder[]}
 */
export function readOrders(rows, { columns, decimalSign, isDayFirst }) {
  // Days and prices are few.
  const dayOf = remember((text) => readDay(text, isDayFirst));
  const decimalOf = remember((text) => readAmount(text, decimalSign));
  return rows.map(({ line, cells }) => {
    /** @param {number | undefined} column */
    const cell = (column) => (column === undefined ? '' : (cells[column] ?? ''));
    const amount = cell(columns.amount);
    const named = cell(columns.currency).toUpperCase() || (amount === '' ? undefined : currencyIn(amount));
    return {
      line,
      orderId: comparedText(cell(columns.orderId)),
      amount,
      decimal: amount === '' ? undefined : decimalOf(amount),
      currency: named || undefined,
      customer: comparedText(cell(columns.customer)) || undefined,
      day: dayOf(cell(columns.date)),
    };
  });
}

/**
 * The function, which reads no text twice.
 *
 * @param {(text: string) => string | undefined} read
 * @returns {(text: string) => string | undefined}
 */
export function remember(read) {
  /** @type {Map<string, string | undefined>} */
  const known = new Map();
  return (text) => {
    if (known.has(text)) return known.get(text);
    const value = read(text);
    known.set(text, value);
    return value;
  };
}

/**
 * As the ledger compares names and ids.
 *
 * @param {string} text
 * @returns {string}
 */
export function comparedText(text) {
  // Most ids are plain, and there are hundreds of thousands of them.
  if (/^[!-~]*$/.test(text)) return text;
  return text.trim().toWellFormed().replaceAll('\0', '\uFFFD').normalize('NFC');
}
