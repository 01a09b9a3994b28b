import { checkFiguresQuery, figuresPath } from '../../reading/figures.ts';
import type { Lister } from '../../reading/lister.ts';
import type { Reader } from '../../reading/lists.ts';
import type { ReadFigures } from './overview.ts';

/** Reads figures as /api/figures answers them to that reader. */
export function createFiguresReader(lister: Lister, reader: Reader): ReadFigures {
  return async (query) => {
    checkFiguresQuery(query, reader);
    return JSON.parse(Buffer.from(await lister.read(figuresPath, reader, query)).toString());
  };
}
