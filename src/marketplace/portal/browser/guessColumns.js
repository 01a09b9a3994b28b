import { guessDecimalSign, readAmount } from './readAmount.js';
import { guessDayFirst, readDay } from './readDay.js';

/** @import { TableRow } from './readTable.js' */

/**
 * Where an order's values stand, by the number of the column; undefined where the file doesn't have them.
 *
 * @typedef {{ orderId?: number, amount?: number, currency?: number, customer?: number, date?: number }} Columns
 */

/** @typedef {keyof Columns} ColumnName */

/**
 * Headings, the surest first, without blanks and signs: what shops, processors and bookkeepers write.
 *
 * @type {Record<ColumnName, RegExp[]>}
 */
const headings = {
  orderId: [
    /^orderid$/,
    /^(order|bestell|auftrags|commande|pedido)(number|no|nr|nummer|num|name|reference|ref)?$/,
    /^(transaction|session|invoice|receipt|payment|checkout|sale)(id|number|no|nr)$/,
    /^(rechnungs|beleg|transaktions)(id|nummer|nr)$/,
    /^(id|name|reference|referenz|number|nummer|bestellung|bestellid)$/,
  ],
  amount: [
    /^amount$/,
    /^(gross|total|ordertotal|grandtotal|totalamount|totalgross|amountpaid|paidamount|orderamount)$/,
    /^(betrag|summe|gesamt|gesamtbetrag|brutto|bruttobetrag|gesamtsumme|montant|importe|importo|prix)$/,
    /^(price|value|revenue|sum|net|netto|subtotal|preis|umsatz)$/,
    /^(amount|betrag|total|gross|price)/,
  ],
  currency: [/^(currency|currencycode|waehrung|währung|devise|moneda|valuta|ccy)$/, /currency|währung/],
  customer: [
    /^(customerid|coid|customer|accountid|account)$/,
    /^(kunden(nummer|nr|id)|kunde|client|clientid|cliente|userid|user)$/,
    /^(customer|account|user|kunden)/,
    /^(email|customeremail|billingemail|emailadresse)$/,
  ],
  date: [
    /^(purchasedat|paidat|createdat|orderdate|purchasedate|paymentdate|transactiondate)$/,
    /^(date|datum|bestelldatum|rechnungsdatum|zahlungsdatum|created|createdutc|created(utc)?|fecha|data|day|time|timestamp)$/,
    /(date|datum)$/,
  ],
};

/** Rows that are looked at where headings say nothing. */
const judgedRows = 200;

/**
 * Whether the first row names the columns: it has no amount and no date, which rows of orders have.
 *
 * @param {readonly TableRow[]} rows
 * @returns {boolean}
 */
export function hasHeadings([first]) {
  if (!first) return false;
  const isNamed = first.cells.some((cell) =>
    Object.values(headings)
      .flat()
      .some((name) => name.test(bare(cell))),
  );
  return isNamed || !first.cells.some((cell) => /\d/.test(cell));
}

/**
 * By the headings, and of what they leave open by what the cells hold.
 *
 * @param {readonly string[]} names of the columns; none where the file has none
 * @param {readonly TableRow[]} rows
 * @param {string} separator
 * @returns {Columns}
 */
export function guessColumns(names, rows, separator) {
  /** @type {Columns} */
  const columns = {};
  const taken = new Set();
  for (const column of columnNames) {
    const found = headings[column]
      .map((pattern) => names.findIndex((name, index) => !taken.has(index) && pattern.test(bare(name))))
      .find((index) => index !== -1);
    if (found === undefined) continue;
    columns[column] = found;
    taken.add(found);
  }
  const judged = rows.slice(0, judgedRows);
  const width = Math.max(names.length, ...judged.map(({ cells }) => cells.length), 0);
  for (let index = 0; index < width; index++) {
    if (taken.has(index)) continue;
    const values = judged.flatMap(({ cells }) => cells[index] || []);
    const column = kindOf(values, separator, values.length === judged.length);
    if (column === undefined || columns[column] !== undefined) continue;
    columns[column] = index;
    taken.add(index);
  }
  return columns;
}

/** @type {ColumnName[]} */
export const columnNames = ['orderId', 'amount', 'currency', 'customer', 'date'];

/**
 * What a column of no known heading holds. Whose account it is no value tells.
 *
 * @param {readonly string[]} values
 * @param {string} separator
 * @param {boolean} isFull whether no row lacks it
 * @returns {ColumnName | undefined}
 */
function kindOf(values, separator, isFull) {
  if (values.length === 0) return undefined;
  const isDayFirst = guessDayFirst(values);
  if (values.every((value) => readDay(value, isDayFirst) !== undefined)) return 'date';
  if (values.every((value) => /^[A-Z]{3}$/.test(value))) return 'currency';
  const sign = guessDecimalSign(values, separator);
  const isMoney = values.some((value) => /[.,]\d{1,3}(?!\d)|\p{Sc}/u.test(value));
  if (isMoney && values.every((value) => readAmount(value, sign) !== undefined)) return 'amount';
  const isUnique = isFull && new Set(values).size === values.length;
  return isUnique && values.every((value) => /^\S{1,200}$/.test(value) && !value.includes('@'))
    ? 'orderId'
    : undefined;
}

/**
 * @param {string} heading
 * @returns {string}
 */
function bare(heading) {
  return heading.toLowerCase().replace(/[^\p{L}\d]/gu, '');
}
