import type { CalendarDate } from '../../figures/calendar.ts';

const format = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
const dayFormat = format({ day: 'numeric', month: 'short', year: 'numeric' });
const weekdayFormat = format({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });

/** A day as people read it: 24 Nov 2026, or Tue, 24 Nov 2026. */
export function sayDay(day: CalendarDate, how: 'day' | 'weekday' = 'day'): string {
  return (how === 'day' ? dayFormat : weekdayFormat).format(Date.parse(day));
}

/** From one day to another: 28 Oct – 26 Nov 2026. */
export function sayDays(first: CalendarDate, last: CalendarDate): string {
  if (first === last) return sayDay(first, 'weekday');
  return dayFormat.formatRange(Date.parse(first), Date.parse(last));
}
