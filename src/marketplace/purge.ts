import type { FastifyBaseLogger } from 'fastify';
import { idempotencyKeptMs } from '../wire/subscription.ts';
import type { Clock } from './clock.ts';
import type { Store } from './store/store.ts';

const hourMs = 3_600_000;
/** How long refusals are kept after they were last seen: 30 days. */
const rejectionsKeptMs = 30 * 24 * hourMs;

export interface PurgeParts {
  store: Pick<Store, 'purgeRejections' | 'purgeIdempotencyKeys'>;
  clock: Clock;
  log: Pick<FastifyBaseLogger, 'info' | 'error'>;
}

/** Deletes old refusals and Idempotency-Keys now and every hour; returns what stops it. */
export function keepPurging(parts: PurgeParts): () => void {
  void purge(parts);
  const timer = setInterval(() => void purge(parts), hourMs);
  timer.unref();
  return () => clearInterval(timer);
}

async function purge({ store, clock, log }: PurgeParts): Promise<void> {
  const now = clock();
  try {
    const purged = await store.purgeRejections(now - rejectionsKeptMs);
    if (purged > 0) log.info({ purged }, 'old rejections deleted');
    const forgotten = await store.purgeIdempotencyKeys(now - idempotencyKeptMs);
    if (forgotten > 0) log.info({ forgotten }, 'old idempotency keys deleted');
  } catch (error) {
    log.error({ err: error }, 'what is old could not be deleted');
  }
}
