import type { FastifyBaseLogger } from 'fastify';
import { dayMs } from '../wire/fields.ts';
import { idempotencyKeptMs } from '../wire/subscription.ts';
import { type Clock, formatTime } from '../wire/time.ts';
import type { Store } from './store/store.ts';

const hourMs = 3_600_000;
/** How long refusals are kept after they were last seen: 30 days. */
const rejectionsKeptMs = 30 * 24 * hourMs;
/** How long what a buyer entered is kept after the order has ended, for questions: 30 days. */
const buyersKeptMs = 30 * 24 * hourMs;

export interface PurgeParts {
  store: Pick<Store, 'purgeRejections' | 'purgeIdempotencyKeys' | 'purgeOrders' | 'purgeTrackings'>;
  clock: Clock;
  /** Milliseconds since any moment, counted by what no clock's setting changes. */
  stopwatch: () => number;
  /** The newest time in the ledger before anything arrived, in epoch milliseconds; undefined where it was empty. */
  ledgerTime: number | undefined;
  log: Pick<FastifyBaseLogger, 'info' | 'warn' | 'error'>;
  /** How long purchases, signups, visits and clicks are kept, in milliseconds; for ever where it is left out. */
  retentionMs?: number | undefined;
}

/**
 * Deletes old refusals, old Idempotency-Keys, what was entered in old orders and, where a retention is set, old
 * purchases, signups, visits and clicks, now and every hour; returns what stops it.
 */
export function keepPurging(parts: PurgeParts): () => void {
  const { clock, ledgerTime, log } = parts;
  const knownTime = createKnownTime(parts);
  if (ledgerTime !== undefined && clock() < ledgerTime - dayMs) {
    log.warn(
      { newest: formatTime(ledgerTime) },
      'the clock is behind what the ledger has: one of them is wrong',
    );
  }
  void purge(parts, knownTime());
  const timer = setInterval(() => void purge(parts, knownTime()), hourMs);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * The time that nothing is older by than it is: a clock that is ahead must not delete the ledger. It goes no further
 * than from the newest that was there at the start, and not by what arrives, which has its time from the same clock.
 * So after a time in which nothing arrived, what is old is kept as much longer, until the next start.
 */
function createKnownTime({ clock, stopwatch, ledgerTime = clock() }: PurgeParts): () => number {
  const startedAt = stopwatch();
  return () => Math.min(clock(), ledgerTime + stopwatch() - startedAt);
}

async function purge({ store, log, retentionMs }: PurgeParts, now: number): Promise<void> {
  try {
    const purged = await store.purgeRejections(now - rejectionsKeptMs);
    if (purged > 0) log.info({ purged }, 'old rejections deleted');
    const unused = await store.purgeIdempotencyKeys(now - idempotencyKeptMs);
    if (unused > 0) log.info({ unused }, 'old idempotency keys deleted');
    const forgotten = await store.purgeOrders(now - buyersKeptMs);
    if (forgotten > 0) log.info({ forgotten }, 'what was entered in old orders deleted');
    const old = retentionMs === undefined ? 0 : await store.purgeTrackings(now - retentionMs);
    if (old > 0) log.info({ old }, 'purchases, signups, visits and clicks beyond the retention deleted');
  } catch (error) {
    log.error({ err: error }, 'what is old could not be deleted');
  }
}
