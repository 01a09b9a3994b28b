import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeText } from '../../../src/marketplace/portal/browser/decodeText.js';
import { readTable } from '../../../src/marketplace/portal/browser/readTable.js';

const cellsOf = (text: string) => readTable(text).rows.map(({ cells }) => cells);

test.each([
  ['comma', 'id,amount\nA-1,9.90\nA-2,8\n', ','],
  ['semicolon with decimal commas', 'id;amount\nA-1;9,90\nA-2;1,5\n', ';'],
  ['tab, as a spreadsheet copies it', 'id\tamount\nA-1\t9,90\nA-2\t8\n', '\t'],
  ['semicolon, said by Excel', 'sep=;\r\nid;amount\r\nA-1;9,90\r\n', ';'],
  ['one column alone', 'id\nA-1\nA-2', ','],
])('finds the separator: %s', (_name, text, separator) => {
  expect(readTable(text).separator).toBe(separator);
  expect(cellsOf(text).length).toBe(text.trim().split('\n').length - (text.startsWith('sep=') ? 1 : 0));
});

test('a quoted cell holds separators, quotes and line breaks, and lines are counted on', () => {
  const { rows } = readTable('id,note\r\nA-1,"one, ""two""\nthree"\r\n\r\nA-2,x\r\n');
  expect(rows).toEqual([
    { line: 1, cells: ['id', 'note'] },
    { line: 2, cells: ['A-1', 'one, "two"\nthree'] },
    { line: 5, cells: ['A-2', 'x'] },
  ]);
});

test('a quote that nothing ends swallows nothing', () => {
  expect(cellsOf('id,inch\nA-1,"5\nA-2,6')).toEqual([
    ['id', 'inch'],
    ['A-1', '"5'],
    ['A-2', '6'],
  ]);
});

test('old line ends, an empty last cell and a file without a last line end', () => {
  expect(cellsOf('id;amount;\rA-1;9;\rA-2;8;')).toEqual([
    ['id', 'amount', ''],
    ['A-1', '9', ''],
    ['A-2', '8', ''],
  ]);
});

const cell = fc.string({ unit: 'grapheme' }).map((text) => text.trim().replaceAll('\0', ''));
const table = fc.integer({ min: 2, max: 5 }).chain((width) =>
  fc.tuple(
    fc.array(fc.string({ minLength: 1, unit: fc.constantFrom(...'abcxyz') }), {
      minLength: width,
      maxLength: width,
    }),
    fc.array(
      fc
        .array(cell, { minLength: width, maxLength: width })
        .filter((cells) => cells.some((text) => text !== '')),
      { maxLength: 8 },
    ),
  ),
);

test('reads back whatever was written, with every separator and line end', () => {
  fc.assert(
    fc.property(
      table,
      fc.constantFrom(';', ',', '\t'),
      fc.constantFrom('\n', '\r\n'),
      ([head, rows], separator, end) => {
        const quoted = rows.map((cells) => cells.map((text) => `"${text.replaceAll('"', '""')}"`));
        const text = [head, ...quoted].map((cells) => cells.join(separator)).join(end);
        expect(cellsOf(text)).toEqual([head, ...rows]);
      },
    ),
  );
});

test('whatever is dropped is read as something', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      readTable(decodeText(new Uint8Array(bytes)));
    }),
  );
});

const sample = 'order;betrag\r\nA-1;9,90 €\r\nÜ-2;8,00 €\r\n';
test.each([
  ['UTF-8', Buffer.from(sample)],
  ['UTF-8 with a mark', Buffer.from(`\uFEFF${sample}`)],
  ['UTF-16, as Excel writes Unicode text', Buffer.from(`\uFEFF${sample}`, 'utf16le')],
  ['UTF-16 without a mark', Buffer.from(sample, 'utf16le')],
  ['UTF-16, high bytes first', Buffer.from(`\uFEFF${sample}`, 'utf16le').swap16()],
  ['Windows-1252', Buffer.from(sample.replaceAll('€', '\x80'), 'latin1')],
])('reads %s', (_name, bytes) => {
  expect(cellsOf(decodeText(new Uint8Array(bytes)))).toEqual([
    ['order', 'betrag'],
    ['A-1', '9,90 €'],
    ['Ü-2', '8,00 €'],
  ]);
});
