import { formatTime } from '../../wire/time.ts';
import { quarterMs, startOfSpan } from '../ledger/figures.ts';
import type { FigureDimension, FigureStore } from '../store/figures.ts';
import { type Bucket, endOfMonth, type Period, toBuckets, toPieces } from './buckets.ts';
import { type Figures, type Group, type TimeGroup, timeGroups } from './figure.ts';
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

/** Days, weeks or months that are answered at once: ten years of days. */
export const maxBuckets = 3_660;

/** There are more days, weeks or months between `from` and `to` than are answered at once. */
export class TooManyBucketsError extends Error {}

/**
 * Adds the figures up. `from` is taken back to the quarter of an hour that it is in and `to` on to the end of its own,
 * and the answer says so. A group of which there is nothing has no item; without groups there is always one.
 *
 * @throws TooManyBucketsError
 * @throws StoreUnavailableError
 */
export async function readFigures(store: FigureStore, query: FiguresQuery): Promise<Figures> {
  const { by, zone, from, to, ...filters } = query;
  const period = await findPeriod(store, query);
  const time = timeGroups.find((group) => by.includes(group));
  const buckets = time ? bucketsOf(period, time, zone) : [{ label: '', ...period }];
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
  return { from: formatTime(period.start), to: formatTime(period.end), zone, by: [...by], items };
}

function isDimension(group: Group): group is FigureDimension {
  return !timeGroups.some((time) => time === group);
}

async function findPeriod(store: FigureStore, { from, to, providerId }: FiguresQuery): Promise<Period> {
  const months =
    from === undefined || to === undefined ? await store.findFigureMonths(providerId) : undefined;
  const first = from ?? months?.first ?? to ?? 0;
  const last = to ?? (months ? endOfMonth(months.last) : first);
  const start = startOfSpan('quarter', first);
  return { start, end: Math.max(start, Math.ceil(last / quarterMs) * quarterMs) };
}

const averageMs = { day: 86_400_000, week: 7 * 86_400_000, month: 30 * 86_400_000 } as const;

function bucketsOf(period: Period, by: TimeGroup, zone: string): Bucket[] {
  if ((period.end - period.start) / averageMs[by] > maxBuckets) {
    throw new TooManyBucketsError(`from and to have more than ${maxBuckets} ${by}s between them`);
  }
  return toBuckets(period, by, zone);
}

function compare(one: readonly string[], other: readonly string[]): number {
  const place = one.findIndex((text, index) => text !== other[index]);
  if (place < 0) return 0;
  return (one[place] ?? '') < (other[place] ?? '') ? -1 : 1;
}
