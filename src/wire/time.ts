const iso =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?: ?(?:[Zz]|UTC|GMT)|(?: ?([+-])| {1,2})(\d\d)(?::?(\d\d))?)?)?$/;
const epochMilliseconds = /^-?\d{1,16}$/;

/**
 * A point in time in epoch milliseconds, from an ISO 8601 date or date-time (without an offset: UTC;
 * fractions beyond milliseconds are cut; a blank may stand before the offset, as Ruby and PHP write it, and in place of its
 * `+`, where a form that wasn't encoded has lost it) or from epoch milliseconds as number or text. Undefined when it is
 * none: Date.parse is not used for texts, since it takes "March 7", moves February 30th to March and reads
 * a date-time without offset in the machine's own zone.
 */
export function parseTime(value: string | number): number | undefined {
  if (typeof value === 'number') return inRange(Math.trunc(value));
  if (epochMilliseconds.test(value)) return inRange(Number(value));
  const match = iso.exec(value);
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const milliseconds = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const local = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
  const date = new Date(local);
  // A date that doesn't exist comes back as another one: 2017-02-30 as 2017-03-02, 2017-13-01 as 2018-01-01.
  const isSameDay = date.getUTCFullYear() === year && date.getUTCDate() === day;
  if (!isSameDay || minute > 59 || second > 59) return undefined;
  const offsetHours = Number(match[9] ?? 0);
  const offsetMinutes = Number(match[10] ?? 0);
  if (offsetHours > 23 || offsetMinutes > 59) return undefined;
  const offsetMs = (offsetHours * 60 + offsetMinutes) * 60_000;
  return inRange(match[8] === '-' ? local + offsetMs : local - offsetMs);
}

/** Undefined for what no Date can hold. */
function inRange(timeMs: number): number | undefined {
  return Number.isNaN(new Date(timeMs).getTime()) ? undefined : timeMs;
}

/** The form in which times are stored, compared and signed: 2017-03-01T10:00:00.000Z. */
export function formatTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

/** The current time in epoch milliseconds. */
export type Clock = () => number;
