import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  compareOrders,
  type LedgerOrder,
  type RefusedOrder,
} from '../../../src/marketplace/portal/browser/compareOrders.js';
import { type FileOrder, readOrders } from '../../../src/marketplace/portal/browser/readOrders.js';
import { readTable } from '../../../src/marketplace/portal/browser/readTable.js';
import { writeCell, writeComparisons } from '../../../src/marketplace/portal/browser/writeComparisons.js';

const columns = { orderId: 0, amount: 1, currency: 2, customer: 3 };

function orders(text: string): FileOrder[] {
  return readOrders(readTable(text).rows, { columns, decimalSign: '.', isDayFirst: false });
}

function row(orderId: string | undefined, more: Partial<LedgerOrder> = {}): LedgerOrder {
  const purchasedAt = '2026-11-01T00:00:00.000Z';
  return {
    id: `row of ${orderId}`,
    orderId,
    customerId: 'c-1',
    amount: '9.90',
    currency: 'EUR',
    purchasedAt,
    ...more,
  };
}

function compare(text: string, ledger: LedgerOrder[], refused: RefusedOrder[] = [], isInRange = () => true) {
  return compareOrders(orders(text), ledger, refused, isInRange).map(({ outcome, why }) => [outcome, why]);
}

test.each([
  ['alike', 'A-1,9.9,eur,c-1', [row('A-1')], [['matched', '']]],
  ['of another amount', 'A-1,9.91,EUR,c-1', [row('A-1')], [['different', 'Another amount.']]],
  ['of another currency', 'A-1,9.90,USD,c-1', [row('A-1')], [['different', 'Another currency.']]],
  ['of another customer', 'A-1,9.90,EUR,c-2', [row('A-1')], [['different', 'Another customer.']]],
  [
    'without an amount here',
    'A-1,9.90,EUR,c-1',
    [row('A-1', { amount: undefined, currency: undefined })],
    [['different', 'The marketplace knows no amount.']],
  ],
  ['missing', 'A-1,9.90,EUR,c-1', [], [['missing', expect.stringContaining('has this order id')]]],
  [
    'twice in the file',
    'A-1,9.90,EUR,c-1\nA-1,9.90,EUR,c-1',
    [row('A-1')],
    [
      ['matched', ''],
      ['twice', 'It stands in line 1 already.'],
    ],
  ],
  [
    'of two services with one order id',
    'A-1,5,EUR,c-1\nA-1,9.90,EUR,c-1',
    [row('A-1'), row('A-1', { amount: '5' })],
    [
      ['matched', ''],
      ['matched', ''],
    ],
  ],
  ['with a line for each article', 'A-1,9.90,EUR,c-1\nA-1,,,\nA-1,,,', [row('A-1')], [['matched', '']]],
  [
    'only here',
    'A-1,9.90,EUR,c-1',
    [row('A-1'), row('A-2')],
    [
      ['matched', ''],
      ['extra', 'The file has no such order.'],
    ],
  ],
  [
    'here without an order id',
    'A-1,9.90,EUR,c-1',
    [row(undefined)],
    [['different', 'The marketplace has it without an order id.']],
  ],
  [
    'here twice',
    'A-1,9.90,EUR,c-1',
    [row('A-1', { customerId: 'guess' }), row('A-1')],
    [
      ['matched', ''],
      ['extra', 'The marketplace has this order more than once; line 1 is one of them.'],
    ],
  ],
  [
    'that was a test',
    'A-1,9.90,EUR,c-1',
    [row('A-1', { test: true }), row('A-2', { test: true })],
    [['different', 'It came by a test referral and isn’t counted.']],
  ],
  ['unreadable', 'A-1,nine,EUR,c-1', [], [['unread', 'The amount “nine” can’t be read.']]],
  [
    'a refund',
    'A-1,-9.90,EUR,c-1',
    [],
    [['unread', 'Its amount is below zero: a refund is no order of its own.']],
  ],
  ['without an id', ',9.90,EUR,c-1', [], [['unread', 'It has no order id.']]],
  // One name, in two forms of Unicode.
  ['composed otherwise', 'e\u0301-1,9.90,EUR,c-1', [row('\u00e9-1')], [['matched', '']]],
])('an order %s', (_name, text, ledger, expected) => {
  expect(compare(text, ledger)).toEqual(expected);
});

test('an order that was refused says why', () => {
  const refused = [{ orderId: 'A-1', reason: 'below_minimum_level', detail: 'The provider demands more.' }];
  expect(compare('A-1,9.90,EUR,c-1', [], refused)).toEqual([
    ['refused', 'below_minimum_level: The provider demands more.'],
  ]);
});

test('what the file need not have is not missed in it', () => {
  expect(compare('A-1,9.90,EUR,c-1', [row('A-1'), row('A-2')], [], () => false)).toEqual([['matched', '']]);
});

test('columns that the file has not are not compared', () => {
  const read = readOrders(readTable('A-1').rows, {
    columns: { orderId: 0 },
    decimalSign: '.',
    isDayFirst: false,
  });
  expect(compareOrders(read, [row('A-1')], [], () => true)).toMatchObject([{ outcome: 'matched' }]);
});

const ids = fc.constantFrom('A-1', 'A-2', 'A-3', 'A-4');
const amounts = fc.constantFrom('5', '9.9');
const fileOrders = fc
  .array(fc.tuple(ids, amounts))
  .map((lines) => orders(lines.map(([id, amount]) => `${id},${amount},EUR,c-1`).join('\n')));
const rows = fc
  .array(fc.tuple(ids, amounts))
  .map((all) => all.map(([id, amount], index) => row(id, { amount, id: String(index) })));

test('every line has one outcome, every row at most one line, and no row is left out', () => {
  fc.assert(
    fc.property(fileOrders, rows, (theirs, ours) => {
      const compared = compareOrders(theirs, ours, [], () => true);
      expect(compared.flatMap((item) => item.theirs ?? [])).toEqual(theirs);
      const used = compared.flatMap((item) => item.ours?.id ?? []);
      expect(used.toSorted()).toEqual(ours.map(({ id }) => id).toSorted());
      for (const { outcome, theirs: line, ours: found } of compared) {
        expect(outcome === 'missing' || outcome === 'twice').toBe(line !== undefined && !found);
        if (outcome === 'missing') expect(ours.some(({ orderId }) => orderId === line?.orderId)).toBe(false);
      }
    }),
  );
});

test('a result opened in a spreadsheet runs nothing', () => {
  for (const formula of [
    '=HYPERLINK("x")',
    '+1+1',
    '-1+1',
    '@SUM(A1)',
    '\t=1',
    ' =1',
    '\u202e=1',
    '\u0000=1',
    '＝1',
  ]) {
    expect(writeCell(formula)).toMatch(/^"'/);
  }
  expect(writeCell('a; =1')).toBe(`"a; '=1"`);
  expect(writeCell('a\u202eb\u001bc')).toBe(String.raw`"a\u202eb\u001bc"`);
  expect([writeCell(-5), writeCell('-5.50'), writeCell('9"')]).toEqual(['"-5"', '"-5.50"', '"9"""']);
  const compared = compareOrders(orders('=1+1,9.90,EUR,c-1'), [row('B "2", x')], [], () => true);
  const [head, first, second] = writeComparisons(compared).split('\r\n');
  expect(head).toMatch(/^\uFEFFoutcome,why,/);
  expect(first).toContain(`"'=1+1"`);
  expect(readTable(`${head}\n${second}`).rows[1]?.cells).toContain('B "2", x');
});
