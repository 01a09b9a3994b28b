import type { Outcome } from './database.ts';
import { NoAnswerError, StoreUnavailableError } from './errors.ts';
import type { Entry, LedgerStore } from './ledger.ts';

/** Entries that may wait at once for a place: some 10 MB, and less than a second's work of one disk. */
export const defaultMaxWaiting = 10_000;

/** Entries of one commit. Some of them take a lock each, and PostgreSQL's table of locks has a few thousand places. */
export const maxBatch = 500;

/**
 * The longest that an entry waits, in milliseconds: as long as a server may take to be connected to and to answer one
 * statement. A batch may need several, and tries.
 */
const answerMs = 7_000;

export interface LedgerWriter {
  /**
   * Resolves once the entry is on disk.
   *
   * @throws StoreUnavailableError when it isn't, and may be sent again
   */
  write(entry: Entry): Promise<Outcome>;
  /** Entries that are neither on disk nor answered yet. */
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
    write: async (entry) => await queueOf(await findPlace(entry.providerId)).write(entry),
    listPlaces: () => [...queues].map(([place, { isAway }]) => ({ place, isAway })),
  };
}

type Queue = Pick<LedgerWriter, 'write' | 'unanswered'> & Pick<PlaceState, 'isAway'>;

interface Waiting {
  entry: Entry;
  /** When it has to be answered, by the process's own clock. */
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
    await writeBatch(waiting.splice(0, waiting[0]?.isAlone ? 1 : maxBatch));
    underWay--;
    schedule();
  }

  async function writeBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const writing = store.write(batch.map(({ entry }) => entry));
      const outcomes = await inTime(writing, Math.min(...batch.map(({ untilMs }) => untilMs)));
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
    async write(entry) {
      if (unanswered >= maxWaiting) {
        throw new StoreUnavailableError(
          new Error(`${maxWaiting} entries are waiting.`),
          'more is waiting than it can write in time',
        );
      }
      unanswered++;
      return await new Promise((resolve, reject) => {
        waiting.push({ entry, untilMs: performance.now() + answerMs, isAlone: false, resolve, reject });
        schedule();
      });
    },
  };
}

/** What comes later may be stored all the same: whoever sends it again is told. */
async function inTime<Answer>(answering: Promise<Answer>, untilMs: number): Promise<Answer> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new NoAnswerError(new Error('No answer in time.'))),
    untilMs - performance.now(),
  );
  try {
    return await Promise.race([answering, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
