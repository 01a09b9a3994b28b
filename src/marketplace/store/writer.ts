import type { Outcome } from './database.ts';
import { answerDueMs, unlessLate } from './deadline.ts';
import { NoAnswerError, StoreUnavailableError } from './errors.ts';
import type { Entry, LedgerStore } from './ledger.ts';

/** Entries that may wait at once for a place: some 10 MB, and less than a second's work of one disk. */
export const defaultMaxWaiting = 10_000;

/** Entries of one commit. Some of them take a lock each, and PostgreSQL's table of locks has a few thousand places. */
export const maxBatch = 500;

export interface LedgerWriter {
  /**
   * Resolves once the entry is on disk.
   *
   * @param untilMs by when its sender is answered, whatever has become of it: what hasn't begun by then isn't written
   * @throws StoreUnavailableError when it isn't, and may be sent again
   */
  write(entry: Entry, untilMs?: number): Promise<Outcome>;
  /** Entries that wait or are under way. */
  readonly unanswered: number;
  /** Each place that was written to. */
  listPlaces(): PlaceState[];
}

/** A place that has been written to, as far as this process knows it. */
export interface PlaceState {
  place: string;
  /** Its last batch could not be stored. */
  isAway: boolean;
}

export interface WriterOptions {
  /** Entries that may wait for a place. */
  maxWaiting?: number;
  /** Of each place, as the store has it. */
  batchesAtOnce?: number;
  /** Where a provider's rows are, as the store has it. */
  findPlace?: (providerId: number) => Promise<string>;
}

/**
 * Writes entries in batches, each of one place: where one doesn't answer, only what belongs there waits, and fails.
 */
export function createLedgerWriter(
  store: Pick<LedgerStore, 'write'>,
  { findPlace = async () => 'ledger', ...options }: WriterOptions = {},
): LedgerWriter {
  const queues = new Map<string, Queue>();

  function queueOf(place: string): Queue {
    const known = queues.get(place);
    if (known) return known;
    const queue = createQueue(store, options);
    queues.set(place, queue);
    return queue;
  }

  return {
    get unanswered() {
      return [...queues.values()].reduce((sum, queue) => sum + queue.unanswered, 0);
    },
    write: async (entry, untilMs = answerDueMs()) =>
      await queueOf(await findPlace(entry.providerId)).write(entry, untilMs),
    listPlaces: () => [...queues].map(([place, { isAway }]) => ({ place, isAway })),
  };
}

interface Queue extends Pick<LedgerWriter, 'unanswered'>, Pick<PlaceState, 'isAway'> {
  write(entry: Entry, untilMs: number): Promise<Outcome>;
}

interface Waiting {
  entry: Entry;
  untilMs: number;
  /** To be written alone, since one of its batch can't be written. */
  isAlone: boolean;
  resolve: (outcome: Outcome) => void;
  reject: (error: unknown) => void;
}

/**
 * Commits together what arrived in one turn of the event loop, or the oldest of it. There is no timer: while commits
 * wait for the disk the next requests queue up in the sockets, so batches grow with the load by themselves.
 */
function createQueue(
  store: Pick<LedgerStore, 'write'>,
  { maxWaiting = defaultMaxWaiting, batchesAtOnce = 1 }: Omit<WriterOptions, 'findPlace'>,
): Queue {
  const waiting: Waiting[] = [];
  let unanswered = 0;
  let isScheduled = false;
  let underWay = 0;
  let isAway = false;

  function schedule(): void {
    if (isScheduled || underWay >= batchesAtOnce || waiting.length === 0) return;
    isScheduled = true;
    setImmediate(() => void flush());
  }

  async function flush(): Promise<void> {
    isScheduled = false;
    underWay++;
    const batch = dropLate(waiting.splice(0, waiting[0]?.isAlone ? 1 : maxBatch));
    if (batch.length > 0) await writeBatch(batch);
    underWay--;
    schedule();
  }

  /** Who was answered already sends it again, and others wait behind it. */
  function dropLate(taken: readonly Waiting[]): Waiting[] {
    const nowMs = performance.now();
    const late = taken.filter(({ untilMs }) => untilMs <= nowMs);
    unanswered -= late.length;
    for (const { reject } of late) reject(new NoAnswerError(new Error('Its turn came too late.')));
    return taken.filter(({ untilMs }) => untilMs > nowMs);
  }

  async function writeBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      // The longest of them: who has waited for long before doesn't end it for the others.
      const outcomes = await unlessLate(
        store.write(batch.map(({ entry }) => entry)),
        Math.max(...batch.map(({ untilMs }) => untilMs)),
      );
      isAway = false;
      unanswered -= batch.length;
      for (const [index, { resolve, reject }] of batch.entries()) {
        const outcome = outcomes[index];
        if (outcome) resolve(outcome);
        else reject(new Error('The store gave no outcome for an entry.'));
      }
    } catch (error) {
      isAway = error instanceof StoreUnavailableError;
      if (isAway || batch.length === 1) {
        // Where no answer came, who waits behind would wait as long again.
        const failed = error instanceof NoAnswerError ? [...batch, ...waiting.splice(0)] : batch;
        unanswered -= failed.length;
        for (const { reject } of failed) reject(error);
        return;
      }
      // One of them cannot be written: alone, it no longer takes the others with it.
      waiting.unshift(...batch.map((each) => ({ ...each, isAlone: true })));
    }
  }

  return {
    get unanswered() {
      return unanswered;
    },
    get isAway() {
      return isAway;
    },
    async write(entry, untilMs) {
      if (unanswered >= maxWaiting) {
        throw new StoreUnavailableError(
          new Error(`${maxWaiting} entries are waiting.`),
          'more is waiting than it can write in time',
        );
      }
      unanswered++;
      return await new Promise((resolve, reject) => {
        waiting.push({ entry, untilMs, isAlone: false, resolve, reject });
        schedule();
      });
    },
  };
}
