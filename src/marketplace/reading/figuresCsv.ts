import { Readable } from 'node:stream';
import { type Clock, formatTime } from '../../wire/time.ts';
import { type Figure, type Figures, figureCounts, groups } from '../figures/figure.ts';
import { type Column, writeCsv } from '../http/csv.ts';
import { type CsvFile, type CsvRequest, describe, namesOf } from './csv.ts';
import { figuresPath } from './figures.ts';
import type { Lister } from './lister.ts';

/**
 * Figures as CSV, a group a line; of a query that was checked.
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

const copies = ['both', 'server', 'browser'] as const;
const sums = ['gross', 'refunded', 'net', 'believed'] as const;
