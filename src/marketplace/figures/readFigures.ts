import { formatTime } from '../../wire/time.ts';
import { quarterMs, startOfSpan } from '../ledger/figures.ts';
import type { FigureDimension, FigureStore } from '../store/figures.ts';
import { endOfMonth, toBuckets, toPieces } from './buckets.ts';
import { type Figures, type Group, timeGroups } from './figure.ts';
import { createTally, type Tally } from './tally.ts';

export interface FiguresQuery {
  /** Epoch milliseconds; from the first there is where it is left out. Figures are kept by quarters of an hour. */
  from?: number | undefined;
  /** Excluded; to the end of the last there is where it is left out. */
  to?: number | undefined;
  /** One of the times at most. */
  by: readonly Group[];
  /** Name of the time zone, by whose calendar days, weeks and months are told: Europe/Berlin. */
  zone: string;
  /** Of all providers where it is left out. */
  providerId?: number | undefined;
  service?: string | undefined;
  listing?: string | undefined;
  campaign?: string | undefined;
}

/**
 * Adds the figures up. `from` is taken back to the quarter of an hour that it is in and `to` on to the end of its own,
 * and the answer says so. A group of which there is nothing has no item; without groups there is always one.
 *
 * @throws StoreUnavailableError
 */
export async function readFigures(store: FigureStore, query: FiguresQuery): Promise<Figures> {
  const { by, zone, from, to, ...filters } = query;
  const { asked, known } = await findPeriods(store, query);
  const time = timeGroups.find((group) => by.includes(group));
  const buckets = time ? toBuckets(known, time, zone) : [{ label: '', ...known }];
  const dimensions = by.filter(isDimension);
  const sums = await store.sumFigures({
    ...filters,
    pieces: buckets.flatMap((bucket, index) => toPieces(bucket, index)),
    by: dimensions,
  });
  const tallies = new Map<string, Tally>();
  const tallyOf = (groups: Readonly<Record<string, string | null>>) => {
    const name = JSON.stringify(Object.values(groups));
    const tally = tallies.get(name) ?? createTally(groups);
    tallies.set(name, tally);
    return tally;
  };
  if (by.length === 0) tallyOf({});
  for (const sum of sums) {
    const groups = by.map((group) => [
      group,
      isDimension(group) ? (sum[group] ?? null) : (buckets[sum.bucket]?.label ?? ''),
    ]);
    tallyOf(Object.fromEntries(groups)).add(sum);
  }
  const items = [...tallies.values()].map(({ result }) => result());
  const names = [...by].sort((one, other) => Number(isDimension(one)) - Number(isDimension(other)));
  const key = (item: Partial<Record<Group, string | null>>) => names.map((name) => item[name] ?? '');
  items.sort((one, other) => compare(key(one), key(other)));
  return { from: formatTime(asked.start), to: formatTime(asked.end), zone, by: [...by], items };
}

function isDimension(group: Group): group is FigureDimension {
  return !timeGroups.some((time) => time === group);
}

/** What was asked for, and how much of it there is anything of: who asks for ten thousand years gets those with figures. */
async function findPeriods(store: FigureStore, { from, to, providerId }: FiguresQuery) {
  const months = await store.findFigureMonths(providerId);
  const first = from ?? months?.first ?? to ?? 0;
  const start = startOfSpan('quarter', first);
  const last = to ?? (months ? endOfMonth(months.last) : start);
  const end = Math.max(start, Math.ceil(last / quarterMs) * quarterMs);
  const known = {
    start: Math.max(start, months?.first ?? start),
    end: Math.min(end, months ? endOfMonth(months.last) : start),
  };
  return { asked: { start, end }, known };
}

function compare(one: readonly string[], other: readonly string[]): number {
  const place = one.findIndex((text, index) => text !== other[index]);
  if (place < 0) return 0;
  return (one[place] ?? '') < (other[place] ?? '') ? -1 : 1;
}
