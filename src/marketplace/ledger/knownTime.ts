import { dayMs } from '../../wire/fields.ts';
import { type Clock, formatTime } from '../../wire/time.ts';

/** A moment, in epoch milliseconds. */
export interface Moment {
  /** By the clock. */
  now: number;
  /** By the clock as far as the ledger bears it out. */
  knownNow: number;
}

export interface KnownTimeParts {
  clock: Clock;
  /** Milliseconds since any moment, counted by what no clock's setting changes. */
  stopwatch: () => number;
  /** The newest time in the ledger before anything arrived, in epoch milliseconds; undefined where it was empty. */
  ledgerTime: number | undefined;
}

/** Between which times it is, where the clock and the ledger disagree. */
export interface KnownTime {
  /** What is judged by it is taken for younger than it is, never older. */
  earliest: Clock;
  /** What is judged by it doesn't lie ahead because the clock is behind. */
  latest: Clock;
}

/**
 * The clock beside what the ledger bears out: the newest that was there at the start, and what has passed since. What
 * arrives says nothing about it, having its time from the same clock. So the ledger falls behind a right clock by the
 * time in which nothing arrived before the start.
 */
export function createKnownTime({ clock, stopwatch, ledgerTime = clock() }: KnownTimeParts): KnownTime {
  const startedAt = stopwatch();
  // Whole milliseconds, as times are kept: a stopwatch knows parts of them, and PostgreSQL takes none.
  const ledgerClock = () => Math.floor(ledgerTime + stopwatch() - startedAt);
  return {
    earliest: () => Math.min(clock(), ledgerClock()),
    latest: () => Math.max(clock(), ledgerClock()),
  };
}

/** Tells the operator of a clock that is behind what was there before, by more than what instances may differ. */
export function warnOfClockBehind(
  log: { warn(fields: object, message: string): void },
  { clock, ledgerTime }: Pick<KnownTimeParts, 'clock' | 'ledgerTime'>,
): void {
  if (ledgerTime === undefined || clock() >= ledgerTime - dayMs) return;
  const newest = formatTime(ledgerTime);
  log.warn({ newest }, 'the clock is behind what the ledger has: one of them is wrong');
}
