import type { Clock } from '../../wire/time.ts';

const minuteMs = 60_000;
/** Of a millisecond: what a number can tell apart among today's times (2^41 ms and above), so that sums are exact. */
const ticks = 2 ** 11;

/** Names remembered at once, some 10 MB. Anyone can make up names, so the memory is bounded. */
const maxNames = 100_000;
/** So many are kept when room is made, so that it is made seldom. */
const keptNames = 90_000;

export interface Budget {
  /**
   * Takes one from what the name has left.
   *
   * @returns 0, or in how many seconds there is one again, from 1
   */
  take(name: string): number;
}

/**
 * A budget a name, of this process alone. No library: those at hand keep a timer a name, have their own clock, or no
 * bound.
 *
 * @param perMinute 0 for no limit
 */
export function createBudget(perMinute: number, clock: Clock): Budget {
  if (perMinute === 0) return { take: () => 0 };
  const fullAt = new Map<string, number>();

  /** Whoever has all of its budget needs no memory; where that isn't enough, the longest known are let off. */
  function makeRoom(now: number): void {
    for (const [name, time] of fullAt) if (time <= now) fullAt.delete(name);
    for (const name of fullAt.keys()) {
      if (fullAt.size <= keptNames) break;
      fullAt.delete(name);
    }
  }

  return {
    take(name) {
      const now = clock();
      const taken = takeCell({ fullAt: fullAt.get(name), now, perMinute });
      if (fullAt.size >= maxNames && !fullAt.has(name)) makeRoom(now);
      fullAt.set(name, taken.fullAt);
      return toSeconds(taken.waitMs);
    },
  };
}

/** As Retry-After says it: whole seconds, and none only for now. */
function toSeconds(waitMs: number): number {
  return waitMs > 0 ? Math.max(1, Math.ceil(waitMs / 1000)) : 0;
}

interface CellRateRequest {
  /** When all that was taken has come back, in epoch milliseconds; undefined where nothing was taken. */
  fullAt: number | undefined;
  now: number;
  /** More than 0. */
  perMinute: number;
}

/**
 * Takes one of what a budget gives: so many at once, and as many again over each minute, without steps (the generic cell
 * rate algorithm, https://www.itu.int/rec/T-REC-I.371). It needs one number: the time at which all that was taken has
 * come back.
 *
 * @returns what becomes of its number, and in how many milliseconds there is one where it gives none
 */
function takeCell({ fullAt, now, perMinute }: CellRateRequest) {
  // Rounded down, lest the last one of a minute's doesn't fit.
  const intervalMs = Math.max(1, Math.floor((minuteMs / perMinute) * ticks)) / ticks;
  // Where the clock was set back, nobody owes more than a whole budget.
  const from = Math.min(Math.max(fullAt ?? now, now), now + minuteMs);
  const left = now + minuteMs - from;
  if (left < intervalMs) return { fullAt: from, waitMs: intervalMs - left };
  return { fullAt: from + intervalMs, waitMs: 0 };
}
