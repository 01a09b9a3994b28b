import type { FigureCell, FigureChanges, FigureGroupRow } from '../../ledger/figureChanges.ts';
import { quarterMs, spans } from '../../ledger/figures.ts';
import { forEachProvider } from '../byPlace.ts';
import { ofNoProvider } from '../database.ts';
import type { Places } from './places.ts';
import type { Connection, ConnectionPool } from './pool.ts';
import { transact } from './transaction.ts';

/**
 * Cells of the same group and span are moved by many transactions at once, each of which would wait for the others'
 * commits: so each connection's session has a part of its own, as far as there are enough.
 */
const parts = 16;

const groupColumns = {
  provider_id: 'integer',
  id: 'bytea',
  event: 'text',
  counted_as: 'text',
  service_name: 'text',
  listing: 'text',
  campaign: 'text',
  verdict: 'text',
  level: 'text',
  reported_by: 'text',
  currency: 'text',
  proven: 'smallint',
} as const;
const cellColumns = {
  provider_id: 'integer',
  span: 'smallint',
  start: 'bigint',
  group_id: 'bytea',
  count: 'bigint',
  billions: 'bigint',
  units: 'bigint',
  billionths: 'bigint',
} as const;

const sums = ['count', 'billions', 'units', 'billionths'];
const orAdd = `on conflict (provider_id, span, start, group_id, part)
  do update set ${sums.map((name) => `${name} = figures.${name} + excluded.${name}`)}`;

/** A table of arrays, whose parameters begin at that one. */
function unnest(types: Readonly<Record<string, string>>, from: number): string {
  const arrays = Object.values(types).map((type, index) => `$${from + index}::${type}[]`);
  return `unnest(${arrays})`;
}

const groupNames = Object.keys(groupColumns);
const cellNames = Object.keys(cellColumns);
/** In an order that all transactions keep. */
const inOrder = 'order by provider_id, id on conflict do nothing';
const part = `pg_backend_pid() % ${parts}`;

const name = `insert into figure_groups (${groupNames})
  select ${groupNames} from ${unnest(groupColumns, 1)} as sent (${groupNames}) ${inOrder}`;
const move = `insert into figures (provider_id, span, start, group_id, part, ${sums})
  select provider_id, span, start, group_id, ${part}, ${sums} from ${unnest(cellColumns, 1)} as cell (${cellNames})
  order by 1, 2, 3, 4 ${orAdd}`;

function groupValues(groups: readonly FigureGroupRow[]): unknown[][] {
  return [
    groups.map(({ providerId }) => providerId),
    groups.map(({ id }) => id),
    groups.map(({ event }) => event),
    groups.map(({ countedAs }) => countedAs),
    groups.map(({ service }) => service),
    groups.map(({ listing }) => listing),
    groups.map(({ campaign }) => campaign),
    groups.map(({ verdict }) => verdict),
    groups.map(({ level }) => level),
    groups.map(({ reportedBy }) => reportedBy),
    groups.map(({ currency }) => currency),
    groups.map(({ isProven }) => (isProven ? 1 : 0)),
  ];
}

function cellValues(cells: readonly FigureCell[]): unknown[][] {
  return [
    cells.map(({ providerId }) => providerId),
    cells.map(({ span }) => spans.indexOf(span)),
    cells.map(({ start }) => start),
    cells.map(({ groupId }) => groupId),
    cells.map(({ count }) => count),
    cells.map(({ billions }) => billions),
    cells.map(({ units }) => units),
    cells.map(({ billionths }) => billionths),
  ];
}

/**
 * Sends its statements at once, so that a commit can travel with them. Where the tables are spread, those of all providers
 * together are left out: all batches would depend on the one place where they are.
 */
export async function moveFigures(
  connection: Connection,
  changes: FigureChanges,
  isSpread: boolean,
): Promise<void> {
  const { groups, cells } = changes.list();
  const isKept = ({ providerId }: { providerId: number }) => !(isSpread && providerId === ofNoProvider);
  const [named, moved] = [groups.filter(isKept), cells.filter(isKept)];
  if (moved.length === 0) return;
  await Promise.all([connection.query(name, groupValues(named)), connection.query(move, cellValues(moved))]);
}

/**
 * Days and months of a provider, which are read over long times, become one part; so do the quarters of hours of the two
 * hours before that time, of which there are too many to look at all of them. Those that were moved while nobody folded
 * stay as they are.
 */
const fold = `with folded as (
    delete from figures
    where provider_id = $1 and part > 0
      and (span > 0 and start < $2 or span = 0 and start >= $2 - ${8 * quarterMs} and start < $2)
    returning *
  )
  insert into figures (provider_id, span, start, group_id, part, ${sums})
  select provider_id, span, start, group_id, 0, ${sums.map((name) => `sum(folded.${name})`)} from folded
  group by 1, 2, 3, 4 order by 1, 2, 3, 4 ${orAdd}`;

/** Makes one part of the days and months that began before that time, a provider a transaction. */
export async function foldFigures(
  pool: ConnectionPool,
  before: number,
  findPlace: Places['find'],
): Promise<void> {
  const providers = await transact(pool, '', (connection) =>
    connection.query<{ id: number }>('select id from providers order by id'),
  );
  const providerIds = [ofNoProvider, ...providers.rows.map(({ id }) => id)];
  await forEachProvider(providerIds, findPlace, async (id) => {
    await transact(pool, '', (connection) => connection.query(fold, [id, before]));
  });
}
