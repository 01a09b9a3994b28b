import { quarterMs, type Span, startOfSpan } from '../ledger/figures.ts';
import type { Piece } from '../store/figures.ts';
import type { TimeGroup } from './figure.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** A stretch of time, in epoch milliseconds, `end` excluded. */
export interface Period {
  start: number;
  end: number;
}

/** A day, week or month of a zone's calendar, as far as it is asked for. */
export interface Bucket extends Period {
  /** Its first day as YYYY-MM-DD; of a month YYYY-MM. */
  label: string;
}

/** Whether the platform knows the time zone, by its name of the IANA: Europe/Berlin. */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** The days, weeks (from Monday) or months of the zone that the period touches, cut to it. */
export function toBuckets({ start, end }: Period, by: TimeGroup, zone: string): Bucket[] {
  const calendar = createCalendar(zone);
  const buckets: Bucket[] = [];
  let first = firstDayOf(calendar.dayOf(start), by);
  while (true) {
    const next = nextOf(first, by);
    const begins = calendar.startOf(first);
    if (begins >= end) return buckets;
    const bucket = { start: Math.max(start, begins), end: Math.min(end, calendar.startOf(next)) };
    if (bucket.start < bucket.end) buckets.push({ label: labelOf(first, by), ...bucket });
    first = next;
  }
}

/** When that day of the zone begins, in epoch milliseconds; a day in milliseconds of a calendar without zone. */
interface Calendar {
  startOf(day: number): number;
  /** The day that the time is in. */
  dayOf(time: number): number;
}

/**
 * A day is told by the time at which it begins by UTC. Where the zone's clocks are set forward at midnight, it begins when
 * they are; where they are set back across it, at its first midnight.
 */
export function createCalendar(zone: string): Calendar {
  const format = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });

  /** How far the zone's clocks are ahead of UTC then. */
  function offsetAt(time: number): number {
    const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
    const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
    const local = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    );
    return local - Math.floor(time / 1_000) * 1_000;
  }

  const dayOf = (time: number) => Math.floor((time + offsetAt(time)) / dayMs) * dayMs;
  return {
    dayOf,
    startOf(day) {
      // By the offsets before and after, the earlier one first: one of them, or the change between them, is right.
      const offsets = [offsetAt(day - 14 * hourMs), offsetAt(day + 14 * hourMs)];
      const starts = offsets.map((offset) => day - offset).sort((one, other) => one - other);
      const isStart = (time: number) => dayOf(time) >= day && dayOf(time - 1) < day;
      return starts.find(isStart) ?? findStart(Math.min(...starts) - dayMs, (time) => dayOf(time) >= day);
    },
  };
}

/** The first quarter of an hour of which it is true, where no midnight is on the clocks. */
function findStart(from: number, isReached: (time: number) => boolean): number {
  let time = Math.floor(from / quarterMs) * quarterMs;
  while (!isReached(time)) time += quarterMs;
  return time;
}

function firstDayOf(day: number, by: TimeGroup): number {
  if (by === 'month') return startOfSpan('month', day);
  const sinceMonday = (new Date(day).getUTCDay() + 6) % 7;
  return by === 'week' ? day - sinceMonday * dayMs : day;
}

function nextOf(day: number, by: TimeGroup): number {
  const date = new Date(day);
  if (by === 'month') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
  return day + (by === 'week' ? 7 : 1) * dayMs;
}

function labelOf(day: number, by: TimeGroup): string {
  return new Date(day).toISOString().slice(0, by === 'month' ? 7 : 10);
}

/**
 * The figures of the period, by UTC: its whole months, of the rest its whole days, and quarters of hours at its ends. Of
 * a day whose larger part is asked for, it is the day without the smaller one: so a day of a zone two hours ahead of UTC
 * takes 16 quarters instead of 96.
 */
export function toPieces({ start, end }: Period, bucket: number): Piece[] {
  const months = { start: endOf('month', start), end: startOfSpan('month', end) };
  if (months.start >= months.end) return toDays({ start, end }, bucket);
  return [
    ...toDays({ start, end: months.start }, bucket),
    { bucket, span: 'month', ...months, sign: 1 },
    ...toDays({ start: months.end, end }, bucket),
  ];
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
  // Whole days but for what is taken off or put to them at either end.
  const isFirstTaken = start - first <= dayMs / 2;
  const isLastTaken = end - last > dayMs / 2;
  add('day', isFirstTaken ? first : first + dayMs, isLastTaken ? last + dayMs : last);
  if (isFirstTaken) add('quarter', first, start, -1);
  else add('quarter', start, first + dayMs);
  if (isLastTaken) add('quarter', end, last + dayMs, -1);
  else add('quarter', last, end);
  return pieces;
}

/** The first start of a span at that time or after it. */
function endOf(span: 'month', time: number): number {
  const start = startOfSpan(span, time);
  return start === time ? start : nextOf(start, span);
}
