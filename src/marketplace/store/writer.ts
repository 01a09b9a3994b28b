import type { Outcome } from './database.ts';
import { NoAnswerError, StoreUnavailableError } from './errors.ts';
import type { Entry, LedgerStore } from './ledger.ts';

/** Entries that may wait at once: some 10 MB, and less than a second's work of one disk. */
export const defaultMaxWaiting = 10_000;

/** Entries of one commit. Some of them take a lock each, and PostgreSQL's table of locks has a few thousand places. */
export const maxBatch = 500;

export interface LedgerWriter {
  /**
   * Resolves once the entry is on disk.
   *
   * @throws StoreUnavailableError when it isn't, and may be sent again
   */
  write(entry: Entry): Promise<Outcome>;
  /** Entries that are neither on disk nor answered yet. */
  readonly unanswered: number;
}

interface Waiting {
  entry: Entry;
  /** To be written alone, since one of its batch can't be written. */
  isAlone: boolean;
  resolve: (outcome: Outcome) => void;
  reject: (error: unknown) => void;
}

/**
 * Commits together what arrived in one turn of the event loop, or the oldest of it. There is no timer: while commits
 * wait for the disk the next requests queue up in the sockets, so batches grow with the load by themselves.
 *
 * @param options.batchesAtOnce as the store has it
 */
export function createLedgerWriter(
  store: Pick<LedgerStore, 'write'>,
  { maxWaiting = defaultMaxWaiting, batchesAtOnce = 1 } = {},
): LedgerWriter {
  const waiting: Waiting[] = [];
  let unanswered = 0;
  let isScheduled = false;
  let underWay = 0;

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
      const outcomes = await store.write(batch.map(({ entry }) => entry));
      unanswered -= batch.length;
      for (const [index, { resolve, reject }] of batch.entries()) {
        const outcome = outcomes[index];
        if (outcome) resolve(outcome);
        else reject(new Error('The store gave no outcome for an entry.'));
      }
    } catch (error) {
      if (error instanceof StoreUnavailableError || batch.length === 1) {
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
    async write(entry) {
      if (unanswered >= maxWaiting) {
        throw new StoreUnavailableError(
          new Error(`${maxWaiting} entries are waiting.`),
          'more is waiting than it can write in time',
        );
      }
      unanswered++;
      return await new Promise((resolve, reject) => {
        waiting.push({ entry, isAlone: false, resolve, reject });
        schedule();
      });
    },
  };
}
