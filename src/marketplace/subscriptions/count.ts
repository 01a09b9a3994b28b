import { parseAmount } from '../../wire/money.ts';
import { WrongValue } from '../http/fields.ts';

/** Signs that set groups of digits apart and never stand before decimals: blanks of any width, apostrophes. */
const groupSign = /(?<=\d)[\s'’](?=\d{3}(?!\d))/g;
/** 1,234,567 and 1.234.567, also as India writes it: 12,34,567. */
const groups = /^\d{1,3}([.,])(?:\d{2,3}\1)+\d{3}$/;
/** 1,234.5 and 1.234,5: what comes last stands before decimals. */
const groupsAndDecimals = /^(\d{1,3}(?:([.,])\d{2,3})*)(?!\2)[.,](\d{1,9})$/;
/** One group, or three decimals: 1.000 may be one or a thousand. */
const eitherOf = /^([1-9]\d{0,2})[.,](\d{3})$/;

/**
 * A count as the decimal text in which it is stored (see parseAmount), from a number or from a text as programs of any
 * country write it; undefined for what is neither.
 *
 * @returns WrongValue for a text that may mean two counts: whichever were taken, somebody would be billed a thousandfold
 */
export function parseCount(value: string | number): string | WrongValue | undefined {
  if (typeof value === 'number') return parseAmount(value);
  const text = value.replace(groupSign, '');
  const [, whole, decimals] = eitherOf.exec(text) ?? [];
  if (whole !== undefined && decimals !== undefined) {
    const [thousands, units] = [`${whole}${decimals}`, `${whole}.${decimals}`];
    return new WrongValue(
      'invalid',
      `must be a number of 0 or more that means one thing; ${text} may mean ${thousands} or ${units}: ` +
        `send ${thousands} for the one, ${units}0 for the other`,
    );
  }
  return parseAmount(withPoint(text));
}

/** With a point before the decimals, and nothing between other digits. */
function withPoint(text: string): string {
  if (groups.test(text)) return text.replaceAll(/[.,]/g, '');
  const [, whole = '', , decimals] = groupsAndDecimals.exec(text) ?? [];
  return decimals === undefined ? text.replace(',', '.') : `${whole.replaceAll(/[.,]/g, '')}.${decimals}`;
}
