import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { areSameAmounts, parseAmount, parseCurrency } from '../../../src/wire/money.ts';
import { anyUnits } from '../../support/anyText.ts';

describe('parseAmount', () => {
  test.each<[string | number, string]>([
    ['0', '0'],
    [0, '0'],
    [-0, '0'],
    ['000', '0'],
    ['0.00', '0'],
    [49.9, '49.9'],
    ['49.90', '49.9'],
    ['049.90', '49.9'],
    // What sums and products of doubles make of 3.3, 0.8 and 1.21.
    [3 * 1.1, '3.3'],
    [0.1 + 0.7, '0.8'],
    [1.1 * 1.1, '1.21'],
    [123456789012345, '123456789012345'],
    ['49.00', '49'],
    ['100', '100'],
    ['100.50', '100.5'],
    ['100.050', '100.05'],
    [' 49 ', '49'],
    ['0.000000001', '0.000000001'],
    ['999999999999999.999999999', '999999999999999.999999999'],
  ])('takes %j as %s', (value, stored) => {
    expect(parseAmount(value)).toBe(stored);
  });

  test.each([
    '',
    '.5',
    '5.',
    '-1',
    '+1',
    '1,50',
    '1 000',
    '1e3',
    '0x10',
    '€5',
    '5 EUR',
    '1.0000000000',
    '1000000000000000',
    '0000000000000001',
    1e15,
    '0.0000000001',
    'NaN',
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -1,
    1e21,
    1e-7,
    '٣',
  ])('refuses %j', (value) => {
    expect(parseAmount(value)).toBeUndefined();
  });

  test('never throws, and takes its own form unchanged', () => {
    const digits = (maxLength: number) =>
      fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength });
    const decimals = fc.tuple(digits(15), digits(9)).map((parts) => parts.join('.'));
    fc.assert(
      fc.property(fc.oneof(decimals, fc.double(), anyUnits), (value) => {
        const amount = parseAmount(value);
        if (amount !== undefined) expect(parseAmount(amount)).toBe(amount);
      }),
    );
  });

  test('is the same for equal decimals', () => {
    const cents = fc.integer({ min: 0, max: 10_000_000 });
    fc.assert(
      fc.property(cents, fc.nat(3), fc.nat(5), (amount, before, after) => {
        const text = (amount / 100).toFixed(2);
        expect(parseAmount('0'.repeat(before) + text + '0'.repeat(after))).toBe(parseAmount(amount / 100));
      }),
    );
  });
});

describe('parseCurrency', () => {
  test.each([
    ['EUR', 'EUR'],
    ['usd', 'USD'],
    [' Chf ', 'CHF'],
    ['jpy', 'JPY'],
  ])('takes %j as %s', (value, stored) => {
    expect(parseCurrency(value)).toBe(stored);
  });

  test.each(['', 'EU', 'EURO', '€', 'QQQ', 'dollars', '978'])('refuses %j', (value) => {
    expect(parseCurrency(value)).toBeUndefined();
  });

  test('never throws', () => {
    fc.assert(fc.property(anyUnits, (value) => void parseCurrency(value)));
  });
});

describe('areSameAmounts', () => {
  test.each([
    ['49.9', '49.90', true],
    ['049', '49.00', true],
    ['49.9', '49.91', false],
    ['0', '', false],
  ])('%j and %j: %j', (one, other, expected) => {
    expect(areSameAmounts(one, other)).toBe(expected);
  });
});
