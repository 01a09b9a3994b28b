import { minorUnitDigits } from './currencies.ts';

const decimal = /^\d{1,15}(?:\.\d{1,9})?$/;

/**
 * An amount in major units as the decimal text in which it is stored, compared and signed: no leading
 * zeros but one before the point, no trailing zeros after it ("012.50" and 12.5 are "12.5"). At most 15
 * digits before the point and 9 after it; undefined for anything else, negative amounts among them. A number
 * counts by its first 15 digits, which is what a double can hold: 3 * 1.1 is 3.3, not 3.3000000000000003.
 */
export function parseAmount(value: string | number): string | undefined {
  const text = typeof value === 'number' ? String(Number(value.toPrecision(15))) : value.trim();
  if (!decimal.test(text)) return undefined;
  const amount = text.replace(/^0+(?=\d)/, '');
  return amount.includes('.') ? amount.replace(/\.?0+$/, '') : amount;
}

/** An ISO 4217 code in capitals, from any case; undefined when there is no such currency. */
export function parseCurrency(value: string): string | undefined {
  const code = value.trim().toUpperCase();
  return minorUnitDigits.has(code) ? code : undefined;
}

/** Whether both texts are the same number: 49.9 and 49.90 are. */
export function areSameAmounts(one: string, other: string): boolean {
  return parseAmount(one) === parseAmount(other);
}
