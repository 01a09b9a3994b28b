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
    yield toLines(some.map((row) => [...columns.map(({ value }) => toCell(value(row))), '']));
  }
}

function toLines(cells: string[][]): string {
  return stringify(cells, { record_delimiter: 'windows' });
}

/** What spreadsheets take for a formula, blanks and characters that can't be seen before it included. */
const formula = /^(?:[\s\p{C}]*[=+\-@＝＋－＠]|[\t\r])/u;
const number = /^-?\d+(?:\.\d+)?$/;

/** As a text that no spreadsheet computes, by the apostrophe that they all know; a number stays one. */
function toCell(value: string | number | boolean | undefined): string {
  const text = String(value ?? '');
  const isFormula = formula.test(text) && !number.test(text);
  return `${isFormula ? "'" : ''}${escapeControls(text)}`;
}
