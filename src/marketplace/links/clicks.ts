import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { dayMs } from '../../wire/fields.ts';
import type { Clock } from '../../wire/time.ts';
import type { ClickEntry } from '../store/clicks.ts';
import { unlessLate } from '../store/deadline.ts';
import { StoreUnavailableError } from '../store/errors.ts';
import type { Spool, SpooledClick } from '../store/spool.ts';
import type { Store } from '../store/store.ts';
import { type LedgerWriter, maxBatch } from '../store/writer.ts';

/** How long a click waits for the database before it is given up: a week, as purchases do in browsers. */
const maxAgeMs = 7 * dayMs;
/** How long the database is left alone after it has taken none, in milliseconds. */
const retryMs = 500;

/** Whether there are any to write: of its own, or else of processes that have ended. */
function isLeft(spool: Spool): boolean {
  return spool.clicks > 0 || spool.takeOver();
}

/** Why a click isn't recorded: no room or no disk for it, too old, or one that the ledger can't take. */
export type LostBy = 'spool' | 'age' | 'ledger';

export interface ClickRecorder {
  /** Begins to write what an earlier process has left. */
  start(): void;
  /** By then, and a write to the local disk; resolves to whether the click is in the ledger or the spool. */
  record(click: ClickEntry, untilMs: number): Promise<boolean>;
  /** Resolves once nothing is under way; what waits stays in the spool. */
  stop(): Promise<void>;
}

export interface ClickRecorderParts {
  writer: Pick<LedgerWriter, 'write'>;
  store: Pick<Store, 'readReferral'>;
  spool: Spool | undefined;
  /** By which clicks are old: a clock that is ahead must not throw any away. */
  knownTime: Clock;
  log: Pick<FastifyBaseLogger, 'info' | 'warn' | 'error'>;
  countLost: (by: LostBy) => void;
}

/**
 * Records clicks. While the database is away they wait in the spool, and so do those that come behind them, until all of
 * them are written. One that was on its way when it didn't answer may be there already: the ledger takes it once.
 */
export function createClickRecorder(parts: ClickRecorderParts): ClickRecorder {
  const { writer, store, spool, knownTime, log, countLost } = parts;
  const ending = new AbortController();
  let draining: Promise<void> | undefined;

  function lose(click: ClickEntry, by: LostBy, cause?: unknown): void {
    countLost(by);
    log.error({ err: cause, listing: click.listing, by }, 'click lost');
  }

  /** False where it isn't kept; then it is lost, unless it is still on its way to the ledger. */
  function keep(click: ClickEntry, underWay?: Promise<unknown>): boolean {
    try {
      if (!spool) throw new Error('There is no spool.');
      spool.add(click);
      draining ??= drain(spool);
      return true;
    } catch (error) {
      if (underWay) underWay.catch((cause: unknown) => lose(click, 'spool', cause));
      else lose(click, 'spool', error);
      return false;
    }
  }

  async function drain(from: Spool): Promise<void> {
    log.warn({ clicks: from.clicks }, 'clicks wait for the database');
    let after = 0;
    while (!ending.signal.aborted && isLeft(from)) {
      const clicks = from.read(after, maxBatch);
      // Behind those that couldn't be written, since only a part of the ledger may be away; then from the first again.
      after = clicks.at(-1)?.position ?? 0;
      const settled = (await Promise.all(clicks.map(settle))).flatMap((done) => done ?? []);
      const hasRemoved = settled.length > 0 && remove(from, settled);
      if (!hasRemoved) await pause(retryMs, undefined, ending).catch(() => undefined);
    }
    draining = undefined;
    if (from.clicks === 0) log.info('all clicks are in the ledger');
  }

  /** False where the local disk doesn't take it: they will be written once more, of which nothing comes. */
  function remove(from: Spool, settled: readonly SpooledClick[]): boolean {
    try {
      from.remove(settled);
      return true;
    } catch (error) {
      log.error({ err: error }, 'clicks cannot be removed from the spool');
      return false;
    }
  }

  /** Undefined where it has to wait on. */
  async function settle(spooled: SpooledClick): Promise<SpooledClick | undefined> {
    const { click } = spooled;
    const isOld = knownTime() - click.clickedAt > maxAgeMs;
    // The spool may have been another ledger's.
    if (isOld || !store.readReferral(click.referral)) {
      lose(click, isOld ? 'age' : 'ledger');
      return spooled;
    }
    try {
      await writer.write(click);
    } catch (error) {
      if (error instanceof StoreUnavailableError) return undefined;
      lose(click, 'ledger', error);
    }
    return spooled;
  }

  return {
    start() {
      if (spool && isLeft(spool)) draining ??= drain(spool);
    },
    async record(click, untilMs) {
      if (draining) return keep(click);
      const writing = writer.write(click);
      try {
        await unlessLate(writing, untilMs);
        return true;
      } catch (error) {
        if (error instanceof StoreUnavailableError) return keep(click, writing);
        lose(click, 'ledger', error);
        return false;
      }
    },
    async stop() {
      ending.abort();
      await draining;
    },
  };
}
