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
