import fc from 'fast-check';
import { expect, test } from 'vitest';
import { guessColumns, hasHeadings } from '../../../src/marketplace/portal/browser/guessColumns.js';
import {
  currencyIn,
  guessDecimalSign,
  readAmount,
} from '../../../src/marketplace/portal/browser/readAmount.js';
import { guessDayFirst, readDay } from '../../../src/marketplace/portal/browser/readDay.js';
import { readTable } from '../../../src/marketplace/portal/browser/readTable.js';

test.each([
  ['49.90', '.', '49.9'],
  ['49,90', ',', '49.9'],
  ['49,90', '.', undefined],
  ['49.90', ',', undefined],
  ['1.234,50 €', ',', '1234.5'],
  ['$1,234.50', '.', '1234.5'],
  ["1'234.50", '.', '1234.5'],
  ['1 234,50', ',', '1234.5'],
  ['1\u202f234,50', ',', '1234.5'],
  ['1,00,000.00', '.', '100000'],
  ['EUR 0012.500', '.', '12.5'],
  ['-5.00', '.', '-5'],
  ['(5.00)', '.', '-5'],
  ['5,00-', ',', '-5'],
  ['0.00', '.', '0'],
  ['1.2.3', '.', undefined],
  ['free', '.', undefined],
  ['', '.', undefined],
] as const)('%s with %s is %s', (text, sign, amount) => {
  expect(readAmount(text, sign)).toBe(amount);
});

test('what is written in any way is read as the same', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 12n }),
      fc.constantFrom('.', ','),
      fc.boolean(),
      (cents, sign, isGrouped) => {
        const digits = String(cents).padStart(3, '0');
        const [whole, fraction] = [digits.slice(0, -2), digits.slice(-2)];
        const group = sign === '.' ? ',' : '.';
        const grouped = isGrouped ? whole.replace(/\B(?=(\d{3})+$)/g, group) : whole;
        const plain = Number(fraction) === 0 ? whole : `${whole}.${fraction.replace(/0$/, '')}`;
        expect(readAmount(`${grouped}${sign}${fraction}`, sign === '.' ? '.' : ',')).toBe(plain);
      },
    ),
  );
});

test.each([
  [['9.90', '1,234'], ',', '.'],
  [['9,90', '1.234'], ',', ','],
  [['1.234.567', '1.000'], ',', ','],
  [['1,234.50'], ';', '.'],
  [['1.234,50'], ',', ','],
  [['12', '1.234'], ';', ','],
  [['12', '1,234'], ',', '.'],
] as const)('%s between %s have the decimal sign %s', (texts, separator, sign) => {
  expect(guessDecimalSign(texts, separator)).toBe(sign);
});

test.each([
  ['49,90 €', 'EUR'],
  ['eur 5', 'EUR'],
  ['£5', 'GBP'],
  ['$5', undefined],
  ['5', undefined],
])('%s names %s', (text, currency) => {
  expect(currencyIn(text)).toBe(currency);
});

test.each([
  ['2026-11-03T10:00:00Z', true, '2026-11-03'],
  ['2026/11/3', true, '2026-11-03'],
  ['03.11.2026 10:00', true, '2026-11-03'],
  ['11/03/2026', false, '2026-11-03'],
  ['31/02/2026', true, undefined],
  ['yesterday', true, undefined],
])('%s is a day: %s, %s', (text, isDayFirst, day) => {
  expect(readDay(text, isDayFirst)).toBe(day);
});

test('whether the day comes first, the dates say', () => {
  expect(guessDayFirst(['03/04/2026', '13/04/2026'])).toBe(true);
  expect(guessDayFirst(['03/04/2026', '04/13/2026'])).toBe(false);
  expect(guessDayFirst(['03/04/2026'])).toBe(false);
  expect(guessDayFirst(['03.04.2026'])).toBe(true);
});

function guess(text: string) {
  const { rows, separator } = readTable(text);
  const isHeaded = hasHeadings(rows);
  return guessColumns(isHeaded ? (rows[0]?.cells ?? []) : [], isHeaded ? rows.slice(1) : rows, separator);
}

test.each([
  [
    'ours',
    'orderId,customerId,amount,currency,purchasedAt\nA-1,c-1,9.90,EUR,2026-11-01',
    { orderId: 0, customer: 1, amount: 2, currency: 3, date: 4 },
  ],
  [
    'Shopify',
    'Name,Email,Financial Status,Paid at,Currency,Subtotal,Total\n#1001,a@b.example,paid,2026-11-01,EUR,8,9.90',
    { orderId: 0, customer: 1, date: 3, currency: 4, amount: 6 },
  ],
  [
    'WooCommerce',
    'Order Number,Order Date,Customer ID,Order Total\n1001,2026-11-01,7,9.90',
    { orderId: 0, date: 1, customer: 2, amount: 3 },
  ],
  [
    'Stripe',
    'id,Created (UTC),Amount,Currency,Customer ID\ncs_1,2026-11-01,9.90,eur,cus_1',
    { orderId: 0, date: 1, amount: 2, currency: 3, customer: 4 },
  ],
  [
    'German bookkeeping',
    'Bestellnummer;Bestelldatum;Kundennummer;Gesamtbetrag;Währung\nA-1;01.11.2026;7;9,90;EUR',
    { orderId: 0, date: 1, customer: 2, amount: 3, currency: 4 },
  ],
  [
    'no headings',
    'A-1;9,90;EUR;01.11.2026\nA-2;8,00;EUR;02.11.2026',
    { orderId: 0, amount: 1, currency: 2, date: 3 },
  ],
  ['order ids alone', '1001\n1002', { orderId: 0 }],
  ['nothing that can be told', 'foo;bar\nx y;x y\nx y;x y', {}],
])('columns of %s', (_name, text, columns) => {
  expect(guess(text)).toEqual(columns);
});
