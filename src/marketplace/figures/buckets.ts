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
 * What of the figures makes the period, by UTC: as many whole months as come nearest to it, and what those lack or have
 * too much of it at either end as days, and of that as quarters of hours. So a day of a zone two hours ahead of UTC is
 * a day and eight quarters more, but for eight, instead of 96 quarters.
 */
export function toPieces(period: Period, bucket: number): Piece[] {
  return cover(period, bucket, ['month', 'day', 'quarter'], 1);
}

function cover({ start, end }: Period, bucket: number, sizes: readonly Span[], sign: 1 | -1): Piece[] {
  const [span = 'quarter', ...smaller] = sizes;
  if (start >= end) return [];
  if (smaller.length === 0) return [{ bucket, span, start, end, sign }];
  const whole = { start: nearest(span, start), end: nearest(span, end) };
  if (whole.start >= whole.end) return cover({ start, end }, bucket, smaller, sign);
  const lack = (from: number, to: number) => cover({ start: from, end: to }, bucket, smaller, sign);
  const excess = (from: number, to: number) =>
    cover({ start: from, end: to }, bucket, smaller, sign === 1 ? -1 : 1);
  return [
    { bucket, span, ...whole, sign },
    ...lack(start, whole.start),
    ...excess(whole.start, start),
    ...lack(whole.end, end),
    ...excess(end, whole.end),
  ];
}

/** Where a span begins, nearest to the time. */
function nearest(span: Span, time: number): number {
  const before = startOfSpan(span, time);
  const after = span === 'month' ? endOfMonth(time) : before + dayMs;
  return time - before <= after - time ? before : after;
}

/** When the month ends that the time is in, in epoch milliseconds. */
export function endOfMonth(time: number): number {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}
