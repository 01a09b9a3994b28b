import { type Span, startOfSpan } from '../ledger/figures.ts';
import type { Piece } from '../store/figures.ts';
import { addDays, type CalendarDate, dateAt, startOfDate } from './calendar.ts';
import type { TimeGroup } from './figure.ts';

const dayMs = 86_400_000;

/** A stretch of time, in epoch milliseconds, `end` excluded. */
export interface Period {
  start: number;
  end: number;
}

/** A day, week or month of a zone's calendar, as far as it is asked for. */
export interface Bucket extends Period {
  /** Its first day; of a month YYYY-MM. */
  label: string;
}

/** The days, weeks (from Monday) or months of the zone that the period touches, cut to it. */
export function toBuckets({ start, end }: Period, by: TimeGroup, zone: string): Bucket[] {
  const buckets: Bucket[] = [];
  let first = firstDateOf(dateAt(start, zone), by);
  let begins = startOfDate(first, zone);
  while (begins < end) {
    const next = nextOf(first, by);
    const ends = startOfDate(next, zone);
    const label = by === 'month' ? first.slice(0, 7) : first;
    const bucket = { label, start: Math.max(start, begins), end: Math.min(end, ends) };
    // A zone that crosses the date line leaves a day out.
    if (bucket.start < bucket.end) buckets.push(bucket);
    [first, begins] = [next, ends];
  }
  return buckets;
}

function firstDateOf(date: CalendarDate, by: TimeGroup): CalendarDate {
  if (by === 'month') return `${date.slice(0, 7)}-01`;
  const sinceMonday = (new Date(date).getUTCDay() + 6) % 7;
  return by === 'week' ? addDays(date, -sinceMonday) : date;
}

function nextOf(date: CalendarDate, by: TimeGroup): CalendarDate {
  // Any day of the next month tells which it is.
  return by === 'month' ? firstDateOf(addDays(date, 31), by) : addDays(date, by === 'week' ? 7 : 1);
}

/**
 * What of the figures makes the period: its whole months by UTC, of the rest the whole days, and quarters of hours at its
 * ends. A day whose larger part is asked for is the day without the smaller one: so a day of a zone two hours ahead of
 * UTC takes 16 quarters instead of 96.
 */
export function toPieces({ start, end }: Period, bucket: number): Piece[] {
  const months = { start: endOfMonth(start - 1), end: startOfSpan('month', end) };
  if (months.start >= months.end) return toDays({ start, end }, bucket);
  return [
    ...toDays({ start, end: months.start }, bucket),
    { bucket, span: 'month', ...months, sign: 1 },
    ...toDays({ start: months.end, end }, bucket),
  ];
}

/** When the month ends that the time is in, in epoch milliseconds. */
export function endOfMonth(time: number): number {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}

function toDays({ start, end }: Period, bucket: number): Piece[] {
  const pieces: Piece[] = [];
  const add = (span: Span, from: number, to: number, sign: 1 | -1 = 1) => {
    if (from < to) pieces.push({ bucket, span, start: from, end: to, sign });
  };
  const first = startOfSpan('day', start);
  const last = startOfSpan('day', end);
  if (first === last) {
    add('quarter', start, end);
    return pieces;
  }
  const isFirstWhole = start - first <= dayMs / 2;
  const isLastWhole = end - last > dayMs / 2;
  add('day', isFirstWhole ? first : first + dayMs, isLastWhole ? last + dayMs : last);
  if (isFirstWhole) add('quarter', first, start, -1);
  else add('quarter', start, first + dayMs);
  if (isLastWhole) add('quarter', end, last + dayMs, -1);
  else add('quarter', last, end);
  return pieces;
}
