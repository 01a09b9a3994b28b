import { escapeControls } from '../../wire/text.ts';
import type { ListStore } from '../store/store.ts';
import { answerFigures, figuresPath } from './figures.ts';
import { arrivalsPath, type List, lists, type Reader, refusedReasonsPath, rejectionsOf } from './lists.ts';
import { paymentsPath, readPayments } from './payments.ts';

/** What isn't a list, and read where lists are. */
const others: Readonly<Record<string, Pick<List, 'read'>>> = {
  [figuresPath]: { read: answerFigures },
  // What only pages read: at no address of its own.
  [refusedReasonsPath]: {
    read: async (store, { provider }) =>
      JSON.stringify(await store.countRefusedReasons(rejectionsOf(provider, undefined))),
  },
  [arrivalsPath]: {
    read: async (store, { provider }) =>
      JSON.stringify(await store.listArrivals({ providerId: provider?.id })),
  },
  [paymentsPath]: { read: readPayments },
};

/**
 * A page of the list at that address, or what else is read by that name.
 *
 * @throws StoreUnavailableError; Error when there is no such list
 */
export async function readList(
  store: ListStore,
  path: string,
  reader: Reader,
  query: unknown,
): Promise<string> {
  const list = lists[path] ?? others[path];
  if (!list) throw new Error(`There is no list at ${path}.`);
  // What JSON lets pass as it is, a terminal would obey.
  return escapeControls(await list.read(store, reader, query));
}
