import { setImmediate } from 'node:timers/promises';
import { stringify } from 'csv-stringify/sync';
import { escapeControls } from '../../wire/text.ts';

export interface Column<Row> {
  /** The name of the field in JSON, where there is one. */
  name: string;
  value: (row: Row) => string | number | boolean | undefined;
}

export interface CsvHead {
  /** What the file is: which rows, by which filters, its times in which zone. */
  about: string;
  /**
   * Whether it begins with a byte order mark, without which Excel takes UTF-8 for something else. For files that people
   * open; a program that reads CSV may take it for a part of the first column's name.
   */
  hasMark: boolean;
}

/**
 * CSV by RFC 4180, piece by piece: the first line is the names of the columns, as libraries and spreadsheets expect it.
 * What the file is about stands in the same line, as the name of a last column that is empty: above the line it would be
 * taken for it.
 */
export async function* writeCsv<Row>(
  columns: readonly Column<Row>[],
  rows: AsyncIterable<readonly Row[]>,
  { about, hasMark }: CsvHead,
): AsyncGenerator<string, void, void> {
  yield (hasMark ? '\uFEFF' : '') + toLines([[...columns.map(({ name }) => name), toCell(about)]]);
  for await (const some of rows) {
    for (let from = 0; from < some.length; from += rowsOfPiece) {
      const piece = some.slice(from, from + rowsOfPiece);
      yield toLines(piece.map((row) => [...columns.map(({ value }) => toCell(value(row))), '']));
      // Whoever else waits for the event loop comes in between.
      await setImmediate();
    }
  }
}

/** Most readers end a line at it by itself, so that what stands behind it would begin a cell. */
const lineFeed = /\n/;
/** What takes a millisecond or two. */
const rowsOfPiece = 100;

function toLines(cells: string[][]): string {
  return stringify(cells, { record_delimiter: 'windows', quoted_match: lineFeed });
}

/** What spreadsheets take for a formula, blanks and characters that can't be seen before it included. */
const formula = /^(?:[\s\p{C}]*[=+\-@＝＋－＠]|[\t\r])/u;
/** The same behind what ends a cell for many: a line feed, and the semicolon by which spreadsheets of half of Europe go. */
const laterFormula = /([;\n][\s\p{C}]*)(?=[=+\-@＝＋－＠])/gu;
const number = /^-?\d+(?:\.\d+)?$/;
/** Most texts, of which nothing else has to be asked. */
const plain = /^[\w][\w .:,;/-]*$/;

/** As a text that no spreadsheet computes, by the apostrophe that they all know; a number stays one. */
function toCell(value: string | number | boolean | undefined): string {
  const text = String(value ?? '');
  if (text === '' || plain.test(text)) return text;
  const isFormula = formula.test(text) && !number.test(text);
  return `${isFormula ? "'" : ''}${escapeControls(text.replace(laterFormula, "$1'"))}`;
}
