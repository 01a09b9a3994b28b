/** @typedef {'.' | ','} DecimalSign */

/** Signs that only one currency has, and codes. */
const currencySigns = new Map([
  ['€', 'EUR'],
  ['£', 'GBP'],
  ['₹', 'INR'],
  ['₩', 'KRW'],
  ['₺', 'TRY'],
  ['₴', 'UAH'],
  ['₪', 'ILS'],
  ['₫', 'VND'],
]);

/**
 * An amount as a shop writes it, in the form in which the ledger compares: `1.234,50 €` is 1234.5. Undefined where it
 * is none. What is less than nothing keeps its sign: it is a refund's line.
 *
 * @param {string} text
 * @param {DecimalSign} decimalSign
 * @returns {string | undefined}
 */
export function readAmount(text, decimalSign) {
  const bare = numberIn(text);
  const [whole = '', fraction = '', ...more] = bare.split(decimalSign);
  if (more.length > 0) return undefined;
  const groups = /^([+-]?)(\d+|\d{1,3}(?:[.,'’]\d{2,3})*[.,'’]\d{3})$/.exec(whole);
  if (!groups || !/^\d*$/.test(fraction)) return undefined;
  const [, sign = '', grouped = ''] = groups;
  const digits = grouped.replace(/\D/g, '').replace(/^0+(?=\d)/, '');
  const rest = fraction.replace(/0+$/, '');
  const amount = rest === '' ? digits : `${digits}.${rest}`;
  return sign === '-' && amount !== '0' ? `-${amount}` : amount;
}

/**
 * The currency that an amount names beside it: `EUR 49.90`, `49,90 €`. A `$` is of too many.
 *
 * @param {string} text
 * @returns {string | undefined}
 */
export function currencyIn(text) {
  const code = /(?<![A-Za-z])[A-Za-z]{3}(?![A-Za-z])/.exec(text)?.[0];
  if (code) return code.toUpperCase();
  const sign = [...text].find((character) => currencySigns.has(character));
  return sign && currencySigns.get(sign);
}

/**
 * Which sign stands before the fraction: what the amounts themselves say, else what goes with the separator of the
 * cells, since a spreadsheet that writes semicolons does so for its decimal commas.
 *
 * @param {readonly string[]} texts
 * @param {string} separator
 * @returns {DecimalSign}
 */
export function guessDecimalSign(texts, separator) {
  let commas = 0;
  let points = 0;
  for (const text of texts) {
    const bare = numberIn(text);
    const last = /([.,])(\d*)$/.exec(bare);
    if (!last) continue;
    const [, sign, fraction = ''] = last;
    const isRepeated = bare.indexOf(sign ?? '') !== bare.lastIndexOf(sign ?? '');
    const isBoth = bare.includes('.') && bare.includes(',');
    // Three digits may as well be thousands.
    if (fraction.length === 3 && !isBoth && !isRepeated) continue;
    if ((sign === ',') !== isRepeated) commas++;
    else points++;
  }
  if (commas === points) return separator === ';' ? ',' : '.';
  return commas > points ? ',' : '.';
}

/**
 * Without currency and blanks; brackets are how bookkeepers write what is less than nothing.
 *
 * @param {string} text
 * @returns {string}
 */
function numberIn(text) {
  const bare = text
    .replace(/[\p{Sc}A-Za-z]/gu, '')
    .replace(/[\s\u00A0\u202F]+/g, '')
    .replace(/^−|−$/g, '-');
  const bracketed = /^\((.+)\)$/.exec(bare)?.[1];
  if (bracketed) return `-${bracketed}`;
  const behind = /^([^-]+)-$/.exec(bare)?.[1];
  return behind ? `-${behind}` : bare;
}
