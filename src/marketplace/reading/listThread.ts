// The thread that reads lists, started by lister.ts with the path of the ledger's file.
import { parentPort, workerData } from 'node:worker_threads';
import { StoreUnavailableError } from '../store/errors.ts';
import { openSqliteToRead } from '../store/sqlite/sqlite.ts';
import { createListStore } from '../store/store.ts';
import type { Reader } from './lists.ts';
import { readList } from './readList.ts';

export interface ListQuestion {
  id: number;
  /** Names the list. */
  path: string;
  reader: Reader;
  query: unknown;
}

export type ListAnswer =
  | { id: number; page: Uint8Array<ArrayBuffer> }
  /** `unavailable`: why the database can't be read just now, if that is what went wrong. */
  | { id: number; message: string; unavailable: string | undefined };

const utf8 = new TextEncoder();
const store = createListStore(openSqliteToRead(String(workerData)));

parentPort?.on('message', async ({ id, path, reader, query }: ListQuestion) => {
  const answer = (given: ListAnswer, bytes: ArrayBuffer[] = []) => parentPort?.postMessage(given, bytes);
  try {
    const page = utf8.encode(await readList(store, path, reader, query));
    // Handed over, not copied.
    answer({ id, page }, [page.buffer]);
  } catch (error) {
    const unavailable = error instanceof StoreUnavailableError ? error.reason : undefined;
    const cause = error instanceof StoreUnavailableError ? error.cause : error;
    answer({ id, message: cause instanceof Error ? cause.message : String(cause), unavailable });
  }
});
