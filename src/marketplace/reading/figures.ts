import { readFigures } from '../figures/readFigures.ts';
import type { ListStore } from '../store/store.ts';
import { findOwner, type Reader, refuseOthersKey } from './lists.ts';
import { figuresQuery, parseQuery } from './query.ts';

export const figuresPath = '/api/figures';

/** @throws HttpProblem 400 that names every wrong parameter */
export function checkFiguresQuery(query: unknown, reader: Reader): void {
  refuseOthersKey(parseQuery(figuresQuery, query), reader);
}

/** The figures as they are answered, in JSON; of a query that was checked. */
export async function answerFigures(store: ListStore, reader: Reader, query: unknown): Promise<string> {
  const { partnerKey, ...asked } = parseQuery(figuresQuery, query);
  const owner = await findOwner(store, reader, partnerKey);
  // Of a key that no provider has there is nothing, and no provider has that id.
  const providerId = owner && (owner.id ?? -1);
  return JSON.stringify(await readFigures(store, { ...asked, providerId }));
}
