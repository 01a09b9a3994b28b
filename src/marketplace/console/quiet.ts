import type { Arrivals, WatchedEvent } from '../store/arrivals.ts';

/** A provider of which nothing of a kind has come for longer than ever of late. */
export interface Quiet {
  partnerKey: string;
  providerName: string;
  event: WatchedEvent;
  lastAt: number;
  silentMs: number;
  /** Between one and the next, as a rule; an hour stands for all that is less. */
  usualMs: number;
}

/** Before that, nobody can say what is usual. */
const leastTimes = 5;
/** So much longer than the longest pause before. */
const unusual = 1.5;
/** Whoever has sent nothing for so long has left, and isn't news any more. */
const leftAfterMs = 60 * 86_400_000;

/**
 * Who has gone quiet, the longest silent first. Measured by the longest pause of the times that are known, which has
 * nights and weekends in it, so that a shop that sells nothing on Sundays is as quiet then as it always was.
 */
export function findQuiet(arrivals: readonly Arrivals[], now: number): Quiet[] {
  return arrivals
    .flatMap(({ partnerKey, providerName, event, times }) => {
      const [lastAt = now] = times;
      if (times.length < leastTimes) return [];
      const pauses = times.slice(1).map((time, index) => (times[index] ?? time) - time);
      pauses.sort((one, other) => one - other);
      const usualMs = pauses[Math.floor(pauses.length / 2)] ?? 0;
      const longestMs = pauses.at(-1) ?? 0;
      const silentMs = now - lastAt;
      if (silentMs <= longestMs * unusual || silentMs > leftAfterMs) return [];
      return { partnerKey, providerName, event, lastAt, silentMs, usualMs };
    })
    .sort((one, other) => other.silentMs - one.silentMs);
}
