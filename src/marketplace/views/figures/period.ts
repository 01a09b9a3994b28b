import {
  addDays,
  type CalendarDate,
  countDays,
  dateAt,
  fromWallClock,
  isDate,
  startOfDate,
  toWallClock,
} from '../../figures/calendar.ts';

/** Periods that have a name in the query; each but yesterday ends now. */
export const periodNames = ['today', 'yesterday', '7d', '30d', '90d'] as const;
export type PeriodName = (typeof periodNames)[number];
export const defaultPeriod: PeriodName = '30d';

const instead = 'These are the last 30 days.';

/** Longer ones are refused: in no field of figures is anything older. */
const maxDays = 7_320;
/** Figures are kept by the quarter hour. */
const quarterMs = 900_000;
const daysOf: Readonly<Record<PeriodName, number>> = {
  today: 1,
  yesterday: 1,
  '7d': 7,
  '30d': 30,
  '90d': 90,
};

/** Whole days of a zone, as far as they have passed. */
export interface Period extends Span {
  /** Undefined where its days were chosen. */
  name: PeriodName | undefined;
  first: CalendarDate;
  /** Its last day, which is part of it. */
  last: CalendarDate;
  days: number;
  /** As many days before it, ending at the same time of day where it goes on: what it is compared with. */
  before: Span;
}

/** In epoch milliseconds, `to` excluded. */
export interface Span {
  from: number;
  to: number;
}

export interface PeriodQuery {
  period?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** What was asked for, and what is wrong with it, if anything: then it is the usual period. */
export function readPeriod(
  { period, from, to }: PeriodQuery,
  zone: string,
  now: number,
): { period: Period; problem?: string } {
  if (from || to) {
    const first = from || to || '';
    const last = to || dateAt(now, zone);
    const problem = problemOf(first, last);
    if (!problem) return { period: createPeriod(undefined, first, last, zone, now) };
    return { period: namedPeriod(defaultPeriod, zone, now), problem: `${problem} ${instead}` };
  }
  const name = periodNames.find((known) => known === period);
  return {
    period: namedPeriod(name ?? defaultPeriod, zone, now),
    ...(period && !name && { problem: `There is no period called ${period}. ${instead}` }),
  };
}

function problemOf(first: string, last: string): string | undefined {
  if (!isDate(first) || !isDate(last)) return 'Give the days as 2026-11-24, first and last.';
  if (first > last) return 'The first day lies after the last one.';
  return countDays(first, last) >= maxDays ? 'Choose twenty years at most.' : undefined;
}

function namedPeriod(name: PeriodName, zone: string, now: number): Period {
  const today = dateAt(now, zone);
  const last = name === 'yesterday' ? addDays(today, -1) : today;
  return createPeriod(name, addDays(last, 1 - daysOf[name]), last, zone, now);
}

function createPeriod(
  name: PeriodName | undefined,
  first: CalendarDate,
  last: CalendarDate,
  zone: string,
  now: number,
): Period {
  const days = countDays(first, last) + 1;
  const from = startOfDate(first, zone);
  const end = startOfDate(addDays(last, 1), zone);
  const nextQuarter = (Math.floor(now / quarterMs) + 1) * quarterMs;
  const goesOn = from <= now && now < end;
  const to = goesOn ? Math.min(end, nextQuarter) : end;
  const before = {
    from: startOfDate(addDays(first, -days), zone),
    to: goesOn && to < end ? fromWallClock(toWallClock(to, zone) - days * 86_400_000, zone) : from,
  };
  return { name, first, last, days, from, to, before };
}
