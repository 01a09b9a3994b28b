// Reads and compares in a thread of its own, so that the page goes on while it works. It keeps the file for as long as
// the page is open, and sends nothing of it: fetchLedger.js asks for what the marketplace has of some days.
import { compareOrders, outcomes } from './compareOrders.js';
import { decodeText } from './decodeText.js';
import { fetchLedger } from './fetchLedger.js';
import { guessColumns, hasHeadings } from './guessColumns.js';
import { guessDecimalSign } from './readAmount.js';
import { guessDayFirst, readDay } from './readDay.js';
import { readOrders } from './readOrders.js';
import { readTable } from './readTable.js';
import { writeComparisons } from './writeComparisons.js';

/** @import { Comparison, Outcome } from './compareOrders.js' */
/** @import { Addresses, Days } from './fetchLedger.js' */
/** @import { Columns } from './guessColumns.js' */
/** @import { DecimalSign } from './readAmount.js' */
/** @import { TableRow } from './readTable.js' */

/**
 * How the file is to be read, as far as a person says so.
 *
 * @typedef {{ columns: Columns, decimalSign: DecimalSign }} Chosen
 */

/**
 * Rows of that outcome, or of any, that have the text in them.
 *
 * @typedef {{ outcome: Outcome | undefined, text: string }} Filter
 */

/**
 * What the page asks for.
 *
 * @typedef {{ kind: 'read', bytes: Uint8Array<ArrayBuffer> }
 *   | { kind: 'compare', chosen: Chosen, days: Days, addresses: Addresses }
 *   | { kind: 'show', filter: Filter, offset: number }
 *   | { kind: 'save', filter: Filter }} Question
 */

/**
 * What it is told.
 *
 * @typedef {{ kind: 'read', lines: number, names: string[], sample: string[][], chosen: Chosen, days: Days | undefined }
 *   | { kind: 'progress', count: number }
 *   | { kind: 'compared', counts: Record<Outcome, number>, tookMs: number }
 *   | { kind: 'rows', rows: Comparison[], total: number, offset: number, previous: number }
 *   | { kind: 'saved', csv: string }
 *   | { kind: 'failed', message: string }} Told
 */

/** Rows that are shown before they are read, so that a person sees which column is which. */
const sampleRows = 3;
/** Rows that a decimal sign and the order of dates are judged by. */
const judgedRows = 2_000;
/** Rows of the result that a page shows. */
const shownRows = 50;

/** @type {TableRow[]} without the headings */
let lines = [];
/** @type {Comparison[]} */
let compared = [];

addEventListener('message', async (/** @type {MessageEvent<Question>} */ { data }) => {
  try {
    const told = await answer(data);
    if (told) tell(told);
  } catch (error) {
    tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
});

/** @param {Told} told */
function tell(told) {
  postMessage(told);
}

/**
 * @param {Question} question
 * @returns {Told | Promise<Told | undefined>}
 */
function answer(question) {
  switch (question.kind) {
    case 'read':
      return read(question.bytes);
    case 'compare':
      return compare(question);
    case 'show':
      return show(question);
    case 'save':
      return { kind: 'saved', csv: writeComparisons(filtered(question.filter)) };
  }
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Told}
 */
function read(bytes) {
  const { rows, separator } = readTable(decodeText(bytes));
  const isNamed = hasHeadings(rows);
  const named = isNamed ? (rows[0]?.cells ?? []) : [];
  lines = isNamed ? rows.slice(1) : rows;
  compared = [];
  const width = Math.max(named.length, ...lines.slice(0, judgedRows).map(({ cells }) => cells.length), 0);
  const names = Array.from({ length: width }, (_, index) => named[index] || `Column ${index + 1}`);
  const columns = guessColumns(named, lines, separator);
  const decimalSign = guessDecimalSign(valuesOf(columns.amount).slice(0, judgedRows), separator);
  const sample = lines.slice(0, sampleRows).map(({ cells }) => cells);
  return {
    kind: 'read',
    lines: lines.length,
    names,
    sample,
    chosen: { columns, decimalSign },
    days: daysOf(columns),
  };
}

/**
 * The first and the last day of the file.
 *
 * @param {Columns} columns
 * @returns {Days | undefined}
 */
function daysOf({ date }) {
  const texts = valuesOf(date);
  const isDayFirst = guessDayFirst(texts);
  let from = '';
  let to = '';
  // Hundreds of thousands of orders are of a few days.
  for (const text of new Set(texts)) {
    const day = readDay(text, isDayFirst);
    if (day === undefined) continue;
    if (from === '' || day < from) from = day;
    if (day > to) to = day;
  }
  return from === '' ? undefined : { from, to };
}

/**
 * @param {number | undefined} column
 * @returns {string[]}
 */
function valuesOf(column) {
  return column === undefined ? [] : lines.flatMap(({ cells }) => cells[column] || []);
}

/**
 * @param {Extract<Question, { kind: 'compare' }>} question
 * @returns {Promise<Told | undefined>} undefined where another file was read meanwhile
 */
async function compare({ chosen, days, addresses }) {
  const startedAt = performance.now();
  const begun = lines;
  const isDayFirst = guessDayFirst(valuesOf(chosen.columns.date));
  const orders = readOrders(lines, { ...chosen, isDayFirst });
  const { orders: ledger, refused } = await fetchLedger(addresses, days, (count) =>
    tell({ kind: 'progress', count }),
  );
  if (lines !== begun) return undefined;
  compared = compareOrders(orders, ledger, refused, ({ purchasedAt }) => {
    const day = localDay(purchasedAt);
    return day >= days.from && day <= days.to;
  });
  const counted = Map.groupBy(compared, ({ outcome }) => outcome);
  /** @param {Outcome} outcome */
  const countOf = (outcome) => counted.get(outcome)?.length ?? 0;
  const counts = {
    matched: countOf('matched'),
    different: countOf('different'),
    missing: countOf('missing'),
    refused: countOf('refused'),
    twice: countOf('twice'),
    extra: countOf('extra'),
    unread: countOf('unread'),
  };
  return { kind: 'compared', counts, tookMs: performance.now() - startedAt };
}

/**
 * As the file's days are: whoever wrote it lives by the clock that this browser has.
 *
 * @param {string} time
 * @returns {string}
 */
function localDay(time) {
  const date = new Date(time);
  const parts = [date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0'));
  return [date.getFullYear(), ...parts].join('-');
}

/**
 * @param {Extract<Question, { kind: 'show' }>} question
 * @returns {Told}
 */
function show({ filter, offset }) {
  const rows = filtered(filter);
  const previous = Math.max(0, offset - shownRows);
  return { kind: 'rows', rows: rows.slice(offset, offset + shownRows), total: rows.length, offset, previous };
}

/**
 * What asks for something to be done comes first.
 *
 * @param {Filter} filter
 * @returns {Comparison[]}
 */
function filtered({ outcome, text }) {
  const sought = text.trim().toLowerCase();
  const wanted = outcome === undefined ? outcomes : [outcome];
  const rows = Map.groupBy(compared, (row) => row.outcome);
  return wanted
    .flatMap((name) => rows.get(name) ?? [])
    .filter((row) => sought === '' || textOf(row).includes(sought));
}

/**
 * @param {Comparison} row
 * @returns {string}
 */
function textOf({ theirs, ours, why }) {
  const words = [
    theirs?.orderId,
    theirs?.customer,
    theirs?.amount,
    ours?.orderId,
    ours?.customerId,
    ours?.amount,
    why,
  ];
  return words.join(' ').toLowerCase();
}
