import { setTimeout as pause } from 'node:timers/promises';
import Fastify, { type FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { HttpProblem, wrongClock } from './http/errors.ts';
import type { MessageOutcome, Way } from './http/log.ts';
import type { LimitedBy } from './limits/limits.ts';
import type { LostBy } from './links/clicks.ts';
import { type WatchedEvent, watchedEvents } from './store/arrivals.ts';
import { StoreUnavailableError } from './store/errors.ts';
import type { LedgerStore } from './store/ledger.ts';
import { type AttemptOutcome, endpointFaults, type StuckOrders } from './store/orders.ts';
import type { Spool } from './store/spool.ts';
import type { PlaceState } from './store/writer.ts';

/** In seconds: from a fast disk's fsync to the 2 s after which a lock is given up. */
const commitBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** A database that doesn't answer must not keep the other figures back, in milliseconds. */
const maxCountMs = 1_000;

export interface Metrics {
  countMessage(outcome: Pick<MessageOutcome, 'way' | 'result' | 'reason'>): void;
  countLimited(by: LimitedBy): void;
  countUnavailable(): void;
  countAttempt(outcome: AttemptOutcome): void;
  countLostClick(by: LostBy): void;
  /** Of a commit that has begun; returns what ends it. */
  timeCommit(): () => void;
  /** Where the number of entries that wait is to be had. */
  watchQueue(depth: () => number): void;
  /** Where the places of the ledger are to be had that were written to. */
  watchPlaces(list: () => readonly PlaceState[]): void;
  /** Where is to be had what the spool holds. */
  watchSpool(spool: Pick<Spool, 'clicks' | 'bytes'>): void;
  /** Where the number of orders that are stuck is to be had. */
  watchOrders(count: () => Promise<StuckOrders>): void;
  /** Where the number of providers is to be had that have gone quiet, by what they don't send any more. */
  watchQuiet(count: () => Promise<ReadonlyMap<WatchedEvent, number>>): void;
  /** All of it, in the Prometheus text format. */
  read(): Promise<{ type: string; text: string }>;
}

/** What is counted while the service runs, and nothing about anybody: labels come from short fixed lists. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const accepted = new Counter({
    name: 'onramp_accepted_total',
    help: 'Messages that are on disk and were not there before',
    labelNames: ['way'],
    registers,
  });
  const duplicate = new Counter({
    name: 'onramp_duplicate_total',
    help: 'Messages whose purchase, visit or report was on disk before',
    labelNames: ['way'],
    registers,
  });
  const rejected = new Counter({
    name: 'onramp_rejected_total',
    help: 'Messages refused for good, by the code of the answer',
    labelNames: ['way', 'reason'],
    registers,
  });
  const limited = new Counter({
    name: 'onramp_rate_limited_total',
    help: 'Requests answered 429 (links to listings: sent on without being remembered), by the budget',
    labelNames: ['by'],
    registers,
  });
  const unavailable = new Counter({
    name: 'onramp_unavailable_total',
    help: 'Requests answered 503: the database could not be used, too much was waiting, a clock is wrong',
    registers,
  });
  const attempts = new Counter({
    name: 'onramp_provisioning_attempts_total',
    help: 'Calls to providers for an account, by outcome',
    labelNames: ['outcome'],
    registers,
  });
  const lost = new Counter({
    name: 'onramp_clicks_lost_total',
    help: 'Clicks on links that were sent on and not recorded: no room or disk for them, too old, refused by the ledger',
    labelNames: ['by'],
    registers,
  });
  const commit = new Histogram({
    name: 'onramp_commit_seconds',
    help: 'Time of a commit, the waiting for a lock and the fsync included; failed ones too',
    buckets: commitBuckets,
    registers,
  });
  // All series are there from the start, so that the first increase is seen as one.
  const ways: readonly Way[] = ['post', 'gif', 'go', 'update_subscription'];
  for (const way of ways) accepted.inc({ way }, 0);
  for (const way of ways.filter((known) => known !== 'go')) duplicate.inc({ way }, 0);
  for (const by of ['address', 'key', 'provider'] satisfies LimitedBy[]) limited.inc({ by }, 0);
  for (const by of ['spool', 'age', 'ledger'] satisfies LostBy[]) lost.inc({ by }, 0);

  return {
    countMessage({ way, result, reason = 'unknown' }) {
      if (result === 'created') accepted.inc({ way });
      else if (result === 'duplicate') duplicate.inc({ way });
      else rejected.inc({ way, reason });
    },
    countLimited: (by) => limited.inc({ by }),
    countUnavailable: () => unavailable.inc(),
    countAttempt: (outcome) => attempts.inc({ outcome }),
    countLostClick: (by) => lost.inc({ by }),
    timeCommit: () => commit.startTimer(),
    watchQueue(depth) {
      new Gauge({
        name: 'onramp_queue_entries',
        help: 'Entries that wait for their commit',
        registers,
        collect() {
          this.set(depth());
        },
      });
    },
    watchPlaces(list) {
      new Gauge({
        name: 'onramp_place_away',
        help: 'Whether the last batch for that place of the ledger could not be stored',
        labelNames: ['place'],
        registers,
        collect() {
          this.reset();
          for (const { place, isAway } of list()) this.set({ place }, isAway ? 1 : 0);
        },
      });
    },
    watchSpool(spool) {
      new Gauge({
        name: 'onramp_spool_clicks',
        help: 'Clicks that wait on the local disk for the database',
        registers,
        collect() {
          this.set(spool.clicks);
        },
      });
      new Gauge({
        name: 'onramp_spool_bytes',
        help: 'Size of the file in which clicks wait',
        registers,
        collect() {
          this.set(spool.bytes);
        },
      });
    },
    watchOrders(count) {
      const reasons = ['undecided', ...endpointFaults] as const;
      new Gauge({
        name: 'onramp_orders_stuck',
        help: "Orders that wait for a person or don't get through to their provider, by reason; of all instances",
        labelNames: ['reason'],
        registers,
        async collect() {
          this.reset();
          const stuck = await countInTime(count);
          if (stuck) for (const reason of reasons) this.set({ reason }, stuck.get(reason) ?? 0);
        },
      });
    },
    watchQuiet(count) {
      new Gauge({
        name: 'onramp_providers_quiet',
        help: 'Providers of which nothing of that event has come for much longer than ever of late; of all instances',
        labelNames: ['event'],
        registers,
        async collect() {
          this.reset();
          const quiet = await countInTime(count);
          if (quiet) for (const event of watchedEvents) this.set({ event }, quiet.get(event) ?? 0);
        },
      });
    },
    read: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  };
}

/** Undefined where it can't be counted in time: there is no figure then, rather than an old one. */
async function countInTime<Counts>(count: () => Promise<Counts>): Promise<Counts | undefined> {
  const counting = count().catch(() => undefined);
  return await Promise.race([counting, pause(maxCountMs, undefined, { ref: false })]);
}

/** Counts what became of messages, once they are answered. */
export function countAnswers(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', async ({ outcome }) => {
    if (outcome) metrics.countMessage(outcome);
  });
  app.addHook('onError', async (_request, _reply, error) => {
    const isClockWrong = error instanceof HttpProblem && error.problem.code === wrongClock;
    if (error instanceof StoreUnavailableError || isClockWrong) metrics.countUnavailable();
  });
}

/**
 * `/metrics`, and nothing else, for an address of its own: the service's own address is open to the world, and how
 * much a marketplace sells is nobody's business.
 */
export function createMetricsListener(metrics: Metrics): FastifyInstance {
  const app = Fastify({ forceCloseConnections: true });
  app.get('/metrics', async (_request, reply) => {
    const { type, text } = await metrics.read();
    return await reply.type(type).send(text);
  });
  return app;
}

/** The store's way in, timed. */
export function timeCommits(store: Pick<LedgerStore, 'write'>, metrics: Metrics): Pick<LedgerStore, 'write'> {
  return {
    async write(entries) {
      const end = metrics.timeCommit();
      try {
        return await store.write(entries);
      } finally {
        end();
      }
    },
  };
}
