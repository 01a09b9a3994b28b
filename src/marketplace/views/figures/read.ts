import { checkFiguresQuery, figuresPath } from '../../reading/figures.ts';
import type { Lister } from '../../reading/lister.ts';
import { lists, type Reader } from '../../reading/lists.ts';
import type { ReadFigures } from './overview.ts';

/** Reads figures as /api/figures answers them to that reader. */
export function createFiguresReader(lister: Lister, reader: Reader): ReadFigures {
  return async (query) => {
    checkFiguresQuery(query, reader);
    return parse(await lister.read(figuresPath, reader, query));
  };
}

/**
 * A page of a list, as its address answers it to that reader.
 *
 * @throws HttpProblem 400 that names every wrong parameter; StoreUnavailableError
 */
export async function readJson<Page>(
  lister: Lister,
  path: string,
  reader: Reader,
  query: Readonly<Record<string, string>>,
): Promise<Page> {
  lists[path]?.check(query, reader);
  return parse(await lister.read(path, reader, query));
}

function parse<Page>(page: Uint8Array): Page {
  return JSON.parse(Buffer.from(page).toString());
}
