import { parseTime } from '../../wire/time.ts';

/** A day of a calendar: YYYY-MM-DD. */
export type CalendarDate = string;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Made once a zone: each takes about a tenth of a millisecond and some kilobytes. */
const maxFormats = 500;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether it is a name such as Europe/Berlin, Asia/Kathmandu or UTC. */
export function isZone(name: string): boolean {
  try {
    formatFor(name);
    return true;
  } catch {
    return false;
  }
}

function formatFor(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  // There are fewer zones, but each can be spelt in many ways.
  if (formats.size === maxFormats) formats.clear();
  formats.set(zone, made);
  return made;
}

/** What the zone's clocks show then, as if they showed UTC, in epoch milliseconds and whole seconds. */
export function toWallClock(timeMs: number, zone: string): number {
  const parts = new Map(
    formatFor(zone)
      .formatToParts(timeMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

/**
 * When the zone's clocks show that. Where they show it twice, the first time; where they jump over it, the moment of the
 * jump.
 */
export function fromWallClock(shown: number, zone: string): number {
  const offsets = [shown - dayMs, shown + dayMs].map((near) => toWallClock(near, zone) - near);
  const [before = 0, after = 0] = offsets;
  const found = [shown - before, shown - after].filter((time) => toWallClock(time, zone) === shown);
  if (found.length > 0) return Math.min(...found);
  // Skipped: by the clock before the jump it is later than the jump by what it is into the gap.
  return findJump(shown - Math.max(before, after), shown - Math.min(before, after), zone);
}

/** The first moment that has another offset than `low`, which is before it; `high` is not. To the second. */
function findJump(low: number, high: number, zone: string): number {
  const offset = toWallClock(low, zone) - low;
  let [before, after] = [low / 1_000, high / 1_000];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (toWallClock(middle * 1_000, zone) - middle * 1_000 === offset) before = middle;
    else after = middle;
  }
  return after * 1_000;
}

/** As the zone's clocks show it, with how far they are from UTC: 2026-05-04T14:00:00.000+02:00. */
export function formatTimeIn(timeMs: number, zone: string): string {
  const offsetMs = offsetAt(timeMs, zone);
  const offset = new Date(Math.abs(offsetMs)).toISOString().slice(11, 16);
  return new Date(timeMs + offsetMs).toISOString().replace('Z', `${offsetMs < 0 ? '-' : '+'}${offset}`);
}

/** Offsets change at quarters of an hour, if at all: what was asked last answers for its quarter. */
const quarterMs = hourMs / 4;
const maxOffsets = 10_000;
const offsets = new Map<string, number>();

function offsetAt(timeMs: number, zone: string): number {
  const quarter = Math.floor(timeMs / quarterMs);
  const name = `${quarter} ${zone}`;
  const known = offsets.get(name);
  if (known !== undefined) return known;
  const found = toWallClock(quarter * quarterMs, zone) - quarter * quarterMs;
  if (offsets.size === maxOffsets) offsets.clear();
  offsets.set(name, found);
  return found;
}

/** The day that it is then in the zone. */
export function dateAt(timeMs: number, zone: string): CalendarDate {
  return new Date(toWallClock(timeMs, zone)).toISOString().slice(0, 10);
}

/** When the day begins in the zone: at midnight, or where clocks are put forward then, when they are. */
export function startOfDate(date: CalendarDate, zone: string): number {
  return fromWallClock(Date.parse(date), zone);
}

/** So many days later; earlier where it is negative. */
export function addDays(date: CalendarDate, days: number): CalendarDate {
  return new Date(Date.parse(date) + days * dayMs).toISOString().slice(0, 10);
}

/** From the first day to the second: 0 where they are one. */
export function countDays(first: CalendarDate, second: CalendarDate): number {
  return Math.round((Date.parse(second) - Date.parse(first)) / dayMs);
}

/** Whether there is such a day. */
export function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && parseTime(text) !== undefined;
}
