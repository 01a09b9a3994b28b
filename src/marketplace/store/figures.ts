import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { TrackingEvent } from '../../wire/fields.ts';
import { type CountedAs, type ReportedBy, type Span, spans, toBillionths } from '../ledger/figures.ts';
import { type Database, ofNoProvider } from './database.ts';

/** A stretch of time of which figures are added up, or taken off; in epoch milliseconds, `end` excluded. */
export interface Piece {
  /** Which of the asked times it belongs to. */
  bucket: number;
  span: Span;
  start: number;
  end: number;
  sign: 1 | -1;
}

/** What rows of figures can be told apart by, beside the time. */
export const figureDimensions = ['partnerKey', 'service', 'listing', 'campaign', 'verdict', 'level'] as const;
export type FigureDimension = (typeof figureDimensions)[number];

export interface FigureSumQuery {
  pieces: readonly Piece[];
  by: readonly FigureDimension[];
  /** Of all providers where it is left out. */
  providerId?: number | undefined;
  service?: string | undefined;
  listing?: string | undefined;
  campaign?: string | undefined;
}

/** What was added up: of the dimensions asked for, and of what else makes a difference to a figure. */
export interface FigureSum {
  bucket: number;
  partnerKey?: string;
  service?: string | null;
  listing?: string | null;
  campaign?: string | null;
  verdict?: string | null;
  level?: string | null;
  event: TrackingEvent | 'click';
  countedAs: CountedAs;
  isAttributed: boolean;
  isBelieved: boolean;
  reportedBy: ReportedBy | null;
  currency: string | null;
  /** Whether the money is the provider's own word. */
  isProven: boolean;
  count: number;
  /** In billionths of the currency's unit. */
  money: bigint;
}

const columnOf = {
  partnerKey: 'providers.partner_key',
  service: 'figure_groups.service_name',
  listing: 'figure_groups.listing',
  campaign: 'figure_groups.campaign',
  verdict: 'figure_groups.verdict',
  level: 'figure_groups.level',
} as const satisfies Record<FigureDimension, string>;

/** Of all providers together, there are no services, listings and campaigns. */
const ofProviders = ['partnerKey', 'service', 'listing', 'campaign'] as const;

export type FigureStore = ReturnType<typeof createFigureStore>;

/** The figures that are kept beside the rows, as they are read. */
export function createFigureStore({
  reader,
  isSpread,
  words,
}: Pick<Database, 'reader' | 'isSpread' | 'words'>) {
  async function findScopes(query: FigureSumQuery): Promise<number[]> {
    if (query.providerId !== undefined) return [query.providerId];
    const isTogether = ofProviders.every(
      (name) => !query.by.includes(name) && (name === 'partnerKey' || query[name] === undefined),
    );
    if (!isSpread && isTogether) return [ofNoProvider];
    return (await reader.selectFrom('providers').select('id').execute()).map(({ id }) => id);
  }

  /** Each piece of each provider is a range of the key, and nothing else is read. */
  function sumRanges(pieces: readonly Piece[], ofScope: RawBuilder<unknown>): RawBuilder<unknown> {
    const inPiece = sql<SqlBool>`figures.provider_id = scope.provider_id and figures.span = piece.span
      and figures.start >= piece.first and figures.start < piece.last ${ofScope}`;
    return sql`piece (bucket, span, first, last, sign) as (values ${sql.raw(toValues(pieces))}),
      summed as (
        select piece.bucket, ${sumsOfGroup}
        from scope cross join piece ${words.joinEach('figures', inPiece)}
        group by 1, 2, 3
      )`;
  }

  /** Parts that lie elsewhere can't be looked into range by range (Citus refuses it): they are read once. */
  function sumParts(pieces: readonly Piece[]): RawBuilder<unknown> {
    const place = sql`width_bucket(figures.start, course.firsts)`;
    return sql`course (span, sign, buckets, firsts, lasts) as (values ${sql.raw(toCourses(pieces))}),
      summed as (
        select course.buckets[${place}] as bucket, ${sumsOfGroup}
        from scope cross join course cross join figures
        where figures.provider_id = scope.provider_id and figures.span = course.span
          and figures.start >= course.firsts[1] and figures.start < course.lasts[${place}]
        group by 1, 2, 3
      )`;
  }

  async function sumPieces(
    query: FigureSumQuery,
    scopes: readonly number[],
    pieces: readonly Piece[],
  ): Promise<FigureSum[]> {
    const groups = [
      ...query.by.map((name) => sql`${sql.ref(columnOf[name])} as ${sql.id(name)}`),
      ...fixedGroups,
    ];
    const places = groups.map((_, index) => sql.lit(index + 1));
    const filters = filterNames.flatMap((name) =>
      query[name] === undefined ? [] : sql`and ${sql.ref(columnOf[name])} = ${query[name]}`,
    );
    // Where it is but one, the tables are told: spread, they aren't looked through for it.
    const ofScope = (table: string) =>
      scopes.length === 1 ? sql`and ${sql.ref(`${table}.provider_id`)} = ${scopes[0]}` : sql``;
    const isByProvider = query.by.includes('partnerKey');
    // Sums of groups come first, since what they have in common is many columns to sort by.
    const { rows } = await sql<SummedRow>`
      with scope (provider_id) as (values ${sql.raw(scopes.map((id) => `(${id})`).join())}),
        ${isSpread && scopes.length > 1 ? sumParts(pieces) : sumRanges(pieces, ofScope('figures'))}
      select ${sql.join(groups)}, ${sum('count')} as count, ${sum('billions')} as billions,
        ${sum('units')} as units, ${sum('billionths')} as billionths
      from summed cross join figure_groups ${isByProvider ? sql`cross join providers` : sql``}
      where figure_groups.provider_id = summed.provider_id and figure_groups.id = summed.group_id
        ${ofScope('figure_groups')}
        ${isByProvider ? sql`and providers.id = summed.provider_id` : sql``} ${sql.join(filters, sql` `)}
      group by ${sql.join(places)}`.execute(reader);
    return rows.map(toFigureSum).filter(({ count, money }) => count !== 0 || money !== 0n);
  }

  return {
    /** When the first and the last month begin of which there are figures, in epoch milliseconds. */
    async findFigureMonths(
      providerId: number | undefined,
    ): Promise<{ first: number; last: number } | undefined> {
      const isOfAll = providerId === undefined && isSpread;
      const months = reader
        .selectFrom('figures')
        .select('start')
        .where('provider_id', isOfAll ? '>' : '=', providerId ?? ofNoProvider)
        .where('span', '=', spans.indexOf('month'))
        .limit(1);
      const [first, last] = await Promise.all([
        months.orderBy('start').executeTakeFirst(),
        months.orderBy('start', 'desc').executeTakeFirst(),
      ]);
      return first && last && { first: first.start, last: last.start };
    },

    /** Adds up what is asked for, without what comes to nothing. */
    async sumFigures(query: FigureSumQuery): Promise<FigureSum[]> {
      const scopes = await findScopes(query);
      if (scopes.length === 0) return [];
      const sums: FigureSum[] = [];
      for (const pieces of toWholeBuckets(query.pieces))
        sums.push(...(await sumPieces(query, scopes, pieces)));
      return sums;
    },
  };
}

/** They stand in a statement as text, whose length this bounds. */
const maxPieces = 500;

/** Parts with all pieces of a bucket each: only all of them together tell that something comes to nothing. */
function toWholeBuckets(pieces: readonly Piece[]): Piece[][] {
  const parts: Piece[][] = [];
  for (const ofBucket of Map.groupBy(pieces, ({ bucket }) => bucket).values()) {
    const last = parts.at(-1);
    if (last && last.length + ofBucket.length <= maxPieces) last.push(...ofBucket);
    else parts.push([...ofBucket]);
  }
  return parts;
}

const filterNames = ['service', 'listing', 'campaign'] as const;

/** Told apart whatever is asked, since figures are made of them. */
const fixedGroups = [
  sql`summed.bucket`,
  sql`figure_groups.event`,
  sql`figure_groups.counted_as as ${sql.id('countedAs')}`,
  sql`case when figure_groups.verdict in ('listing', 'host') then 1 else 0 end as ${sql.id('isAttributed')}`,
  sql`case when figure_groups.level in ('signed', 'server') then 1 else 0 end as ${sql.id('isBelieved')}`,
  sql`figure_groups.reported_by as ${sql.id('reportedBy')}`,
  sql`figure_groups.currency`,
  sql`figure_groups.proven as ${sql.id('isProven')}`,
];

const sumsOfGroup = sql`figures.provider_id, figures.group_id, sum(sign * count) as count,
  sum(sign * billions) as billions, sum(sign * units) as units, sum(sign * billionths) as billionths`;

/** As text, since sums may have more digits than a number holds. */
function sum(column: 'count' | 'billions' | 'units' | 'billionths') {
  return sql`cast(sum(${sql.ref(`summed.${column}`)}) as text)`;
}

/** Whole numbers alone, so they can stand in the statement, whatever their number. */
function toValues(pieces: readonly Piece[]): string {
  return pieces
    .map(({ bucket, span, start, end, sign }) => `(${bucket},${spans.indexOf(span)},${start},${end},${sign})`)
    .join();
}

/**
 * The same as arrays, one for those of each span and sign, in which a time's piece is found by halving. Of these no two
 * overlap, since what one bucket lacks at its end is what the next has too much of (figures/buckets.ts).
 */
function toCourses(pieces: readonly Piece[]): string {
  const courses = Map.groupBy(pieces, ({ span, sign }) => `${spans.indexOf(span)},${sign}`);
  return [...courses]
    .map(([kind, ofKind]) => {
      const inOrder = ofKind.toSorted((one, other) => one.start - other.start);
      const list = (name: 'bucket' | 'start' | 'end') => inOrder.map((piece) => piece[name]).join();
      return `(${kind},array[${list('bucket')}],array[${list('start')}]::bigint[],array[${list('end')}]::bigint[])`;
    })
    .join();
}

type SummedRow = Omit<FigureSum, 'isAttributed' | 'isBelieved' | 'isProven' | 'count' | 'money'> & {
  isAttributed: number;
  isBelieved: number;
  isProven: number;
  count: string;
  billions: string;
  units: string;
  billionths: string;
};

function toFigureSum({ billions, units, billionths, ...row }: SummedRow): FigureSum {
  return {
    ...row,
    isAttributed: row.isAttributed === 1,
    isBelieved: row.isBelieved === 1,
    isProven: row.isProven === 1,
    count: Number(row.count),
    money: toBillionths(BigInt(billions), BigInt(units), BigInt(billionths)),
  };
}
