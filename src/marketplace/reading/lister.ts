import { Worker } from 'node:worker_threads';
import { StoreUnavailableError } from '../store/errors.ts';
import { isPostgres } from '../store/open.ts';
import type { ListStore } from '../store/store.ts';
import type { Reader } from './lists.ts';
import type { ListAnswer, ListQuestion } from './listThread.ts';
import { readList } from './readList.ts';

/** Reads pages of lists, each named by its address. */
export interface Lister {
  /**
   * The page as it is answered, JSON in UTF-8.
   *
   * @throws StoreUnavailableError
   */
  read(path: string, reader: Reader, query: unknown): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** What reads lists of that database so that nobody who sends a purchase waits for them. */
export function openLister(database: string, store: ListStore): Lister {
  return isPostgres(database) ? createLister(store) : createThreadLister(database);
}

/** Reads them here. A server looks for the rows elsewhere; only the page itself is made here. */
export function createLister(store: ListStore): Lister {
  return {
    read: async (path, reader, query) => Buffer.from(await readList(store, path, reader, query)),
    close: async () => undefined,
  };
}

/**
 * Reads them in a thread of its own, which starts with the first: SQLite is read while a thread stands still, a page of a
 * thousand rows takes tens of milliseconds to make, and a filter that nothing fits looks through all that a provider
 * has. One after the other, so lists wait for lists.
 */
function createThreadLister(file: string): Lister {
  let thread: Worker | undefined;
  let lastId = 0;
  const waiting = new Map<number, PromiseWithResolvers<Uint8Array>>();

  function start(): Worker {
    const started = new Worker(new URL('./listThread.ts', import.meta.url), { workerData: file });
    started.on('message', (answer: ListAnswer) => {
      const asked = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ('page' in answer) asked?.resolve(answer.page);
      else asked?.reject(errorOf(answer));
    });
    // What goes wrong with a list is an answer. This is the end of the thread; the next list starts another.
    started.on('error', (error) => {
      thread = undefined;
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    });
    return started;
  }

  return {
    read(path, reader, query) {
      thread ??= start();
      const question: ListQuestion = { id: ++lastId, path, reader, query };
      const asked = Promise.withResolvers<Uint8Array>();
      waiting.set(question.id, asked);
      thread.postMessage(question);
      return asked.promise;
    },
    async close() {
      await thread?.terminate();
    },
  };
}

function errorOf({ message, unavailable }: Exclude<ListAnswer, { page: unknown }>): Error {
  const error = new Error(message);
  return unavailable === undefined ? error : new StoreUnavailableError(error, unavailable);
}
