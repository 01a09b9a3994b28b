import type { FastifyBaseLogger } from 'fastify';
import { idempotencyKeptMs } from '../wire/subscription.ts';
import type { Clock } from '../wire/time.ts';
import { type RetainedKind, retainedKinds } from './store/schema.ts';
import type { Store } from './store/store.ts';

const hourMs = 3_600_000;
/** How long refusals are kept after they were last seen: 30 days. */
const rejectionsKeptMs = 30 * 24 * hourMs;
/** How long what a buyer entered is kept after the order has ended, for questions: 30 days. */
const buyersKeptMs = 30 * 24 * hourMs;
/** How long is known who changed what: two years. */
const auditKeptMs = 2 * 365 * 24 * hourMs;
/**
 * How long figures are kept by quarters of hours, by which days of other zones than UTC are told: any day can be compared
 * with that of the year before.
 */
const quartersKeptMs = 400 * 24 * hourMs;
/** Figures of days and months that began longer ago are seldom moved: a day. */
const figuresMovedMs = 24 * hourMs;

/** How long rows of each kind are kept, in milliseconds; for ever where it is left out. */
export type Retention = { readonly [Kind in RetainedKind]?: number | undefined };

export interface PurgeParts {
  store: Pick<
    Store,
    | 'purgeRejections'
    | 'purgeIdempotencyKeys'
    | 'purgeOrders'
    | 'purgeSignIns'
    | 'purgeAudit'
    | 'purge'
    | 'purgeQuarters'
    | 'foldFigures'
  >;
  /** By which things are old: a clock that is ahead must not delete the ledger. */
  knownTime: Clock;
  log: Pick<FastifyBaseLogger, 'info' | 'error'>;
  retention?: Retention | undefined;
}

/**
 * Deletes old refusals, old Idempotency-Keys, what was entered in old orders, sessions and links that have expired,
 * old entries of the audit trail and, where a retention is set, old purchases, all other events and clicks, now and every
 * hour; folds the figures every hour. Returns what stops it.
 */
export function keepPurging(parts: PurgeParts): () => void {
  void purge(parts);
  // Folding has rows to itself that purchases may wait for: not while a service starts, with all that has waited for it.
  const timer = setInterval(() => void purge(parts).then(() => fold(parts)), hourMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Each kind by itself: what stands where nothing can be deleted now doesn't keep all else. */
async function purge({ store, knownTime, log, retention = {} }: PurgeParts): Promise<void> {
  const now = knownTime();
  const works: (() => Promise<void>)[] = [
    async () => {
      const purged = await store.purgeRejections(now - rejectionsKeptMs);
      if (purged > 0) log.info({ purged }, 'old rejections deleted');
    },
    async () => {
      const unused = await store.purgeIdempotencyKeys(now - idempotencyKeptMs);
      if (unused > 0) log.info({ unused }, 'old idempotency keys deleted');
    },
    async () => {
      const forgotten = await store.purgeOrders(now - buyersKeptMs);
      if (forgotten > 0) log.info({ forgotten }, 'what was entered in old orders deleted');
    },
    async () => void (await store.purgeSignIns(now)),
    async () => {
      const unneeded = await store.purgeAudit(now - auditKeptMs);
      if (unneeded > 0) log.info({ unneeded }, 'old entries of the audit trail deleted');
    },
    ...retainedKinds.map((kind) => async () => {
      const keptMs = retention[kind];
      const old = keptMs === undefined ? 0 : await store.purge(kind, now - keptMs);
      if (old > 0) log.info({ kind, old }, 'rows beyond the retention deleted, whose figures stay');
    }),
  ];
  for (const work of works) {
    try {
      await work();
    } catch (error) {
      log.error({ err: error }, 'what is old could not be deleted');
    }
  }
}

async function fold({ store, knownTime, log }: PurgeParts): Promise<void> {
  try {
    await store.foldFigures(knownTime() - figuresMovedMs);
    await store.purgeQuarters(knownTime() - quartersKeptMs);
  } catch (error) {
    log.error({ err: error }, 'figures could not be folded');
  }
}
