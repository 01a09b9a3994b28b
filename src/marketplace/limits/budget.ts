import type { Clock } from '../clock.ts';
import { takeCells } from './cellRate.ts';

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
      const taken = takeCells({ fullAt: fullAt.get(name), now, perMinute, wanted: 1 });
      if (fullAt.size >= maxNames && !fullAt.has(name)) makeRoom(now);
      fullAt.set(name, taken.fullAt);
      return toSeconds(taken.waitMs);
    },
  };
}

/** As Retry-After says it: whole seconds, and none only for now. */
export function toSeconds(waitMs: number): number {
  return waitMs > 0 ? Math.max(1, Math.ceil(waitMs / 1000)) : 0;
}
