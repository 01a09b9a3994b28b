import { Readable } from 'node:stream';
import { type Clock, formatTime } from '../../wire/time.ts';
import { writeCsv } from '../http/csv.ts';
import { columnsIn, type Item } from './columns.ts';
import type { Lister } from './lister.ts';
import { lists, type Reader } from './lists.ts';

/** Rows that are read at once, and held in memory. */
const rowsAtOnce = 1_000;

export interface CsvRequest {
  /** Names the list. */
  path: string;
  reader: Reader;
  /** Of the list, checked. */
  query: Readonly<Record<string, string>>;
  /** For people, who open it: see CsvHead. */
  hasMark: boolean;
}

export interface CsvFile {
  name: string;
  content: Readable;
}

/**
 * A list as CSV: from the cursor, if there is one, to its end, or to as many rows as `limit` says. Page after page, each
 * when the one before it is written, so that it may be of any length; what happens meanwhile to older rows is in it, and
 * what comes newly isn't. The first page is read when it resolves, and whatever fails later breaks the file off.
 *
 * @throws StoreUnavailableError
 */
export async function openCsv(
  { lister, clock }: { lister: Lister; clock: Clock },
  { path, reader, query, hasMark }: CsvRequest,
): Promise<CsvFile> {
  const list = lists[path];
  if (!list) throw new Error(`There is no list at ${path}.`);
  const { limit, cursor, ...filters } = query;
  const wanted = limit ? Number(limit) : Number.POSITIVE_INFINITY;

  async function readPage(left: number, after: string | undefined): Promise<Page> {
    const asked = { ...filters, limit: String(Math.min(left, rowsAtOnce)), ...(after && { cursor: after }) };
    return JSON.parse(Buffer.from(await lister.read(path, reader, asked)).toString());
  }

  async function* readAll(first: Page): AsyncGenerator<readonly Item[], void, void> {
    let [page, left] = [first, wanted];
    for (;;) {
      yield page.items;
      left -= page.items.length;
      if (page.next === null || left <= 0) return;
      page = await readPage(left, page.next);
    }
  }

  const first = await readPage(wanted, cursor);
  const columns = columnsIn(list.columns, query.zone);
  const about = describe(list.name, {
    ...filters,
    partnerKey: reader.provider?.partnerKey ?? query.partnerKey,
  });
  const written = `written ${formatTime(clock())}`;
  const content = Readable.from(
    writeCsv(columns, readAll(first), { about: `${about}; ${written}`, hasMark }),
  );
  return { name: `${[list.name, ...namesOf(reader, query)].join('_')}.csv`, content };
}

interface Page {
  items: readonly Item[];
  next: string | null;
}

/** The list, its filters and the zone of its times, in words: `trackings; verdict=listing; times in UTC`. */
export function describe(
  name: string,
  { zone = 'UTC', ...filters }: Readonly<Record<string, string | undefined>>,
) {
  const given = Object.entries(filters).flatMap(([filter, value]) => (value ? [`${filter}=${value}`] : []));
  return [name, ...given, `times in ${zone}`].join('; ');
}

/** What tells it from other files in a folder. */
export function namesOf({ provider }: Reader, query: Readonly<Record<string, string>>): string[] {
  const names = [
    provider?.partnerKey ?? query.partnerKey,
    query.from && `from_${query.from}`,
    query.to && `to_${query.to}`,
  ];
  return names.flatMap((name) => (name ? [name.replace(/[^\w.-]+/g, '-').slice(0, 60)] : []));
}
