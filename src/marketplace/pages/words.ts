const units: readonly (readonly [ms: number, name: string])[] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1_000, 'second'],
];

/** A span as people say it, in its largest unit of which there are two, or one exactly: 6 days, 36 hours, 1 hour. */
export function sayDuration(ms: number): string {
  const [unitMs, name] = units.find(
    ([size]) => ms >= 2 * size || Math.round(ms / 1_000) * 1_000 === size,
  ) ?? [1_000, 'second'];
  return sayCount(Math.round(ms / unitMs), name);
}

/** 1 purchase, 2 purchases, 12,345 purchases. */
export function sayCount(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

const numbers = new Intl.NumberFormat('en-US');

/** With commas between the thousands. */
export function formatNumber(count: number): string {
  return numbers.format(count);
}

/** The same for a decimal of any length, of which nothing is rounded: 1234567.5 is 1,234,567.5. */
export function formatDecimal(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const sign = grouped.startsWith('-') ? '−' : '';
  const digits = grouped.replace(/^-/, '');
  return fraction === undefined ? sign + digits : `${sign}${digits}.${fraction}`;
}

/** How many digits of a currency's amounts are usual behind the point. */
const usualDigits = new Map<string, number>();

/** An amount without its currency, exact, and with as many digits as is usual: 39.9 euros are 39.90, and yen have none. */
export function formatAmount(decimal: string, currency: string): string {
  const [, fraction = ''] = decimal.split('.');
  const digits = usualDigits.get(currency) ?? findUsualDigits(currency);
  usualDigits.set(currency, digits);
  if (fraction.length >= digits) return formatDecimal(decimal);
  return formatDecimal(`${fraction === '' ? `${decimal}.` : decimal}${'0'.repeat(digits - fraction.length)}`);
}

function findUsualDigits(currency: string): number {
  const { maximumFractionDigits = 0 } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
  }).resolvedOptions();
  return maximumFractionDigits;
}
