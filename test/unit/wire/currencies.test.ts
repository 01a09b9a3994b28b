import { describe, expect, test } from 'vitest';
import { minorUnitDigits } from '../../../src/wire/currencies.ts';
import { parseCurrency } from '../../../src/wire/money.ts';

/** Known to this Node, but withdrawn: from another list of ours. */
const withdrawn = ['ANG', 'BGN', 'CUC', 'HRK', 'SLL', 'ZWL'];
/** Withdrawn before Node forgot them. */
const forgotten = ['BYR', 'MRO', 'STD', 'VEF'];
/** In ISO 4217, but Intl lists only what is legal tender, and VED and XAD not yet. */
const funds = ['BOV', 'CHE', 'CHW', 'CLF', 'COU', 'MXV', 'USN', 'UYI', 'UYW'];
const metalsAndUnits = ['XAG', 'XAU', 'XBA', 'XBB', 'XBC', 'XBD', 'XPD', 'XPT', 'XUA'];
const unknownToIntl = [...funds, ...metalsAndUnits, ...forgotten, 'VED', 'XAD'];

describe('the list of currencies', () => {
  test('has 176 active codes and 10 that were withdrawn since 2017, each three capitals', () => {
    expect(minorUnitDigits.size).toBe(186);
    for (const code of minorUnitDigits.keys()) expect(code).toMatch(/^[A-Z]{3}$/);
    for (const code of [...withdrawn, ...forgotten]) expect(parseCurrency(code)).toBe(code);
  });

  // Another Node may know other currencies; each difference has to be one of these.
  test('differs from the list of this runtime where that is explained', () => {
    const known = new Set(Intl.supportedValuesOf('currency'));
    for (const code of known) expect(parseCurrency(code)).toBe(code);
    for (const code of minorUnitDigits.keys()) {
      if (!known.has(code)) expect(unknownToIntl).toContain(code);
    }
  });

  test.each(['XXX', 'XTS', 'DEM', 'BTC', 'US$', '€', ''])('has no %j', (code) => {
    expect(parseCurrency(code)).toBeUndefined();
  });

  test.each([
    ['USD', 2],
    ['JPY', 0],
    ['KWD', 3],
    ['CLF', 4],
    ['HUF', 2],
    ['ISK', 0],
    ['MGA', 2],
    ['VED', 2],
    ['BYR', 0],
    ['XAU', undefined],
  ])('%s has %s digits', (code, digits) => {
    expect(minorUnitDigits.get(code)).toBe(digits);
  });
});
