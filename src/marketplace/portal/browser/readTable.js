/**
 * A record of a CSV file, and the line that it begins in, counted from 1.
 *
 * @typedef {{ line: number, cells: string[] }} TableRow
 */

/** @typedef {{ separator: string, rows: TableRow[] }} Table */

const separators = [';', '\t', ',', '|'];
/** Records that a separator is judged by. */
const judgedRecords = 20;

/**
 * The records of a CSV file or of what was copied from a spreadsheet, without the empty ones.
 *
 * @param {string} text
 * @returns {Table}
 */
export function readTable(text) {
  const whole = text.replace(/^\uFEFF/, '');
  // Excel's own way to say it, in a line before all others.
  const [said = '', separatorSaid] = /^sep=(.)\r?\n/i.exec(whole) ?? [];
  const content = whole.slice(said.length);
  const separator = separatorSaid ?? guessSeparator(content);
  const firstLine = said === '' ? 1 : 2;
  return { separator, rows: [...readRows(content, separator, firstLine)] };
}

/**
 * The one that cuts the first record into several cells and most of the next ones into as many: the comma of `49,90`
 * stands in no heading.
 *
 * @param {string} text
 * @returns {string}
 */
function guessSeparator(text) {
  const judged = separators.map((separator) => {
    const counts = [];
    for (const { cells } of readRows(text, separator, 1)) {
      if (counts.push(cells.length) === judgedRecords) break;
    }
    const [first = 0] = counts;
    const alike = counts.filter((count) => count === first).length / counts.length;
    return { separator, fitness: first > 1 ? alike + first / 1_000 : 0 };
  });
  const [best] = judged.toSorted((one, other) => other.fitness - one.fitness);
  return best !== undefined && best.fitness > 0 ? best.separator : ',';
}

/**
 * @param {string} text
 * @param {string} separator
 * @param {number} firstLine
 * @returns {Generator<TableRow, void, undefined>}
 */
function* readRows(text, separator, firstLine) {
  let position = 0;
  let line = firstLine;
  while (position < text.length) {
    /** @type {TableRow} */
    const row = { line, cells: [] };
    for (;;) {
      const cell = readCell(text, position, separator);
      row.cells.push(cell.value);
      line += cell.lines;
      position = cell.end;
      if (text[position] !== separator) break;
      position++;
    }
    if (text[position] === '\r') position++;
    if (text[position] === '\n') position++;
    else if (position < text.length && text[position - 1] !== '\r') position++;
    line++;
    if (row.cells.some((value) => value !== '')) yield row;
  }
}

/**
 * A cell, without the blanks around it. One that begins with a quote ends with the next that isn't doubled; a quote that
 * nothing ends is a character like others.
 *
 * @param {string} text
 * @param {number} start
 * @param {string} separator
 * @returns {{ value: string, end: number, lines: number }} where it ends, and how many lines it goes on over
 */
function readCell(text, start, separator) {
  if (text[start] === '"') {
    const close = endOfQuote(text, start + 1);
    if (close !== -1) {
      const quoted = text.slice(start + 1, close);
      const end = endOfCell(text, close + 1, separator);
      const value = quoted.replaceAll('""', '"') + text.slice(close + 1, end);
      return { value: value.trim(), end, lines: quoted.match(/\r\n|\r|\n/g)?.length ?? 0 };
    }
  }
  const end = endOfCell(text, start, separator);
  return { value: text.slice(start, end).trim(), end, lines: 0 };
}

/**
 * @param {string} text
 * @param {number} start
 * @returns {number} -1 where nothing ends it
 */
function endOfQuote(text, start) {
  let close = text.indexOf('"', start);
  while (close !== -1 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  return close;
}

/**
 * @param {string} text
 * @param {number} start
 * @param {string} separator
 * @returns {number}
 */
function endOfCell(text, start, separator) {
  let end = start;
  while (end < text.length) {
    const character = text[end];
    if (character === separator || character === '\n' || character === '\r') break;
    end++;
  }
  return end;
}
