import { Readable } from 'node:stream';
import { type Clock, formatTime } from '../../wire/time.ts';
import { type Figure, type Figures, groups } from '../figures/figure.ts';
import { readFigures } from '../figures/readFigures.ts';
import { type Column, writeCsv } from '../http/csv.ts';
import type { ListStore } from '../store/store.ts';
import { type CsvFile, type CsvRequest, describe, namesOf } from './csv.ts';
import type { Lister } from './lister.ts';
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

/**
 * The same as CSV, a group a line.
 *
 * @throws StoreUnavailableError
 */
export async function openFiguresCsv(
  { lister, clock }: { lister: Lister; clock: Clock },
  { reader, query, hasMark }: Omit<CsvRequest, 'path'>,
): Promise<CsvFile> {
  const answer = Buffer.from(await lister.read(figuresPath, reader, query)).toString();
  const { from, to, zone, by, items }: Figures = JSON.parse(answer);
  const { by: _by, ...filters } = query;
  const partnerKey = reader.provider?.partnerKey ?? query.partnerKey;
  const about = describe('figures', { ...filters, by: by.join(' '), from, to, zone, partnerKey });
  const head = { about: `${about}; written ${formatTime(clock())}`, hasMark };
  async function* inOnePiece() {
    yield items;
  }
  return {
    name: `${['figures', ...namesOf(reader, query)].join('_')}.csv`,
    content: Readable.from(writeCsv(columnsOf(by, items), inOnePiece(), head)),
  };
}

/** Money has columns of its own for each currency, so that nobody adds two of them up. */
function columnsOf(by: Figures['by'], items: readonly Figure[]): Column<Figure>[] {
  const currencies = new Set(items.flatMap(({ money }) => money.map(({ currency }) => currency)));
  return [
    ...groups
      .filter((group) => by.includes(group))
      .map((group) => ({ name: group, value: (figure: Figure) => figure[group] ?? undefined })),
    ...figureCounts.map((name) => ({ name, value: (figure: Figure) => figure[name] })),
    ...copies.map((name) => ({ name: `copies.${name}`, value: (figure: Figure) => figure.copies[name] })),
    ...[...currencies].sort().flatMap((currency) =>
      sums.map((name) => ({
        name: `${name} ${currency}`,
        value: ({ money }: Figure) => money.find((one) => one.currency === currency)?.[name],
      })),
    ),
  ];
}

export const figureCounts = [
  'clicks',
  'visits',
  'signups',
  'purchases',
  'attributed',
  'believed',
  'renewals',
  'bots',
  'tests',
] as const;
const copies = ['both', 'server', 'browser'] as const;
const sums = ['gross', 'refunded', 'net', 'believed'] as const;
