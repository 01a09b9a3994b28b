const shortTime = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short' });

/** In the reader's own zone: 2026-11-24 14:03. */
export function timeOf(ms: number): string {
  return Number.isNaN(new Date(ms).getTime()) ? 'an invalid time' : shortTime.format(ms);
}

/** So coarse that it seldom changes: a text that ticks is hard to read, to select and to listen to. */
export function durationOf(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 120) return count(minutes, 'minute');
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? count(hours, 'hour') : count(Math.floor(hours / 24), 'day');
}

export function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
