import { sameCustomerWindowMs } from '../../../wire/fields.ts';
import { createFigureChanges } from '../../ledger/figureChanges.ts';
import { fromBytes } from '../../ledger/id.ts';
import { toParts } from '../database.ts';
import type { TrackingColumns } from '../schema.ts';
import {
  copiesColumns,
  type FoundRefund,
  type FoundTracking,
  foundColumns,
  maxClaims,
  type NewTracking,
  type OrderName,
  type OwnedRow,
  type SoughtTracking,
  type TrackingStatements,
} from '../trackingStatements.ts';
import { moveFigures } from './figures.ts';
import type { Places } from './places.ts';
import type { Connection, ConnectionPool } from './pool.ts';
import { OvertakenError, transactAtOnce } from './transaction.ts';

/*
 * Rows are locked provider by provider, in the order of their ids, then new ones inserted in the order of their keys: of
 * any two transactions one comes first everywhere. A row that is only found is locked, too: a lock is written to the
 * log, and so its commit waits for the synchronous standbys until they have the row as well. Else a row whose own commit
 * had its waiting broken off would be said to be there, and be lost with the machine.
 *
 * Where the tables are spread, each statement is of providers of one part of them and says of which, as its first value, so
 * that no other part is looked into; else that is null, and a batch is one statement, whoever it is of.
 */
const isOfProviders = (table: string) => `($1::integer[] is null or ${table}.provider_id = any ($1))`;

const knownIds = (from: number) => `
    select known.id from unnest($${from}::integer[], $${from + 1}::text[], $${from + 2}::bytea[])
      as sent (provider_id, customer_id, dedupe_key)
    join trackings as known using (provider_id, customer_id, dedupe_key)
    where ${isOfProviders('known')}
    union
    select known.id from unnest($${from}::integer[], $${from + 1}::text[], $${from + 2}::bytea[])
      as sent (provider_id, customer_id, dedupe_key)
    join trackings as known using (provider_id, dedupe_key)
    where sent.customer_id is null and known.customer_id is null and ${isOfProviders('known')}`;
const nearbyIds = (from: number) => `
    select near.id from unnest($${from}::integer[], $${from + 1}::text[], $${from + 2}::text[], $${from + 3}::bigint[])
      as sent (provider_id, customer_id, service_name, purchased_at)
    join trackings as near using (provider_id, customer_id, service_name)
    where near.stamped = 1 and near.purchased_at > sent.purchased_at - ${sameCustomerWindowMs}
      and near.purchased_at < sent.purchased_at + ${sameCustomerWindowMs} and ${isOfProviders('near')}`;
const orderIds = (from: number) => `
    select known.id from unnest($${from}::integer[], $${from + 1}::text[], $${from + 2}::text[], $${from + 3}::bytea[])
      as sent (provider_id, order_id, service_name, dedupe_key)
    join trackings as known using (provider_id, order_id, service_name, dedupe_key)
    where ${isOfProviders('known')}`;
const claimIds = (from: number) => `
    select claim.id from unnest($${from}::integer[], $${from + 1}::text[], $${from + 2}::text[])
      as sent (provider_id, order_id, service_name)
    cross join lateral (
      select id from trackings as known
      where known.provider_id = sent.provider_id and known.order_id = sent.order_id
        and known.service_name = sent.service_name and known.event in ('purchase', 'renewal')
        and ${isOfProviders('known')}
      limit ${maxClaims}
    ) as claim`;

/** Selects the ids of rows that are sought in one way; its values begin at that parameter. */
interface Search {
  select: (from: number) => string;
  values: readonly unknown[][];
}

/** The ways in which rows are sought: only those that the batch has a use for, since each has to be planned. */
function searchesFor(sought: readonly SoughtTracking[]): Search[] {
  const keyed = sought.filter(({ key, order }) => key && !order);
  const orders = sought.flatMap(({ order, providerId, key }) =>
    order ? { ...order, providerId, own: key } : [],
  );
  const claimed = orders.filter(({ isProven }) => isProven);
  const stamped = sought.flatMap(({ stamped: time, ...who }) => (time ? { ...who, ...time } : []));
  const search = <Row>(
    select: Search['select'],
    rows: readonly Row[],
    ...columns: ((row: Row) => unknown)[]
  ) => (rows.length === 0 ? [] : [{ select, values: columns.map((column) => rows.map(column)) }]);
  const providerIdOf = ({ providerId }: { providerId: number }) => providerId;
  return [
    ...search(
      knownIds,
      keyed,
      providerIdOf,
      ({ customerId }) => customerId ?? null,
      ({ key }) => key,
    ),
    ...search(
      orderIds,
      orders.flatMap(({ own, ...order }) => [order, { ...order, key: own }]),
      providerIdOf,
      ({ orderId }) => orderId,
      ({ serviceName }) => serviceName,
      ({ key }) => key,
    ),
    ...search(
      claimIds,
      claimed,
      providerIdOf,
      ({ orderId }) => orderId,
      ({ serviceName }) => serviceName,
    ),
    ...search(
      nearbyIds,
      stamped,
      providerIdOf,
      ({ customerId }) => customerId,
      ({ serviceName }) => serviceName,
      ({ purchasedAt }) => purchasedAt,
    ),
  ];
}

/** The columns in the order of the statement's values, with their types. */
const insertedColumns = {
  id: 'bytea',
  event: 'text',
  dedupe_key: 'bytea',
  provider_id: 'integer',
  stamped: 'smallint',
  service_name: 'text',
  customer_id: 'text',
  order_id: 'text',
  purchased_at: 'bigint',
  amount: 'text',
  currency: 'text',
  referral: 'text',
  referral_source: 'text',
  landed_at: 'bigint',
  page: 'text',
  trust: 'text',
  copies: 'text',
  received_at: 'bigint',
  minted_for: 'integer',
  listing: 'text',
  campaign: 'text',
  clicked_at: 'bigint',
  verdict: 'text',
  test: 'smallint',
} as const satisfies Record<keyof TrackingColumns, string>;
type ColumnName = keyof typeof insertedColumns;

const columnNames = Object.keys(insertedColumns) as ColumnName[];
const insert = `insert into trackings (${columnNames}) select * from ${unnest(columnNames, 1)}
  on conflict do nothing`;
const update = `update trackings set ${copiesColumns.map((name) => `${name} = sent.${name}`)}
  from ${unnest(['id', ...copiesColumns], 2)} where trackings.id = sent.id and ${isOfProviders('trackings')}`;

const renamedColumns = ['id', 'event', 'service_name', 'customer_id', 'order_id', 'dedupe_key'] as const;
const rename = `update trackings set event = sent.event, service_name = sent.service_name,
  customer_id = sent.customer_id, order_id = sent.order_id, dedupe_key = sent.dedupe_key
  from ${unnest(renamedColumns, 2)} where trackings.id = sent.id and ${isOfProviders('trackings')}`;

const remove = `delete from trackings where id = any ($2::bytea[]) and ${isOfProviders('trackings')}`;

const newNames = [...columnNames, 'forgotten'] as const;

/** A table of the values, one array a column. */
function unnest(names: readonly (typeof newNames)[number][], from: number): string {
  const types = { ...insertedColumns, forgotten: 'bytea' };
  const arrays = names.map((name, index) => `$${from + index}::${types[name]}[]`);
  return `unnest(${arrays}) as sent (${names})`;
}

/**
 * As the insert above, but of those whose customer wasn't forgotten, of whose order there is no row and that can't be late
 * copies of what was deleted (store/retention.ts), and with the ids of those that weren't there.
 */
const insertNew = `insert into trackings (${columnNames})
  select ${columnNames} from ${unnest(newNames, 2)}
  where not exists (select 1 from forgotten where hash = sent.forgotten)
    and not exists (
      select 1 from purges where purges.provider_id = sent.provider_id
        and purges.purchases_before > sent.purchased_at and purges.purchases_before <= sent.received_at
        and ${isOfProviders('purges')}
    )
    and not exists (
      select 1 from trackings as known where known.provider_id = sent.provider_id
        and known.order_id = sent.order_id and known.service_name = sent.service_name and ${isOfProviders('known')}
    )
  on conflict do nothing returning id`;

/** Rows that one statement takes, and whose they are, where the tables are spread: of one part of them. */
interface Share<Row> {
  providerIds: readonly number[] | null;
  rows: readonly Row[];
}

/** Each of them is looked for beside each row: more would cost more than another statement. */
const providersAtOnce = 50;

async function sharesOf<Row>(
  rows: readonly Row[],
  { isSpread, findPart }: Places,
  providerIdOf: (row: Row) => number,
): Promise<Share<Row>[]> {
  if (rows.length === 0) return [];
  if (!isSpread) return [{ providerIds: null, rows }];
  const byProvider = [...Map.groupBy(rows, providerIdOf)].sort(([one], [other]) => one - other);
  const owners = await Promise.all(
    byProvider.map(async ([providerId, own]) => ({ providerId, own, part: await findPart(providerId) })),
  );
  const byPart = [...Map.groupBy(owners, ({ part }) => part)].sort(([one], [other]) =>
    one < other ? -1 : 1,
  );
  return byPart.flatMap(([, ofPart]) =>
    toParts(ofPart, providersAtOnce).map((some) => ({
      providerIds: some.map(({ providerId }) => providerId),
      rows: some.flatMap(({ own }) => own),
    })),
  );
}

/** Asks all at once, as one trip, and in this order. */
async function askAll<Row, Answer>(
  shares: Promise<readonly Share<Row>[]>,
  ask: (share: Share<Row>) => Promise<readonly Answer[]>,
): Promise<Answer[]> {
  return (await Promise.all((await shares).map(ask))).flat();
}

/** See Database.insertAtOnce. */
export async function insertAtOnce(
  pool: ConnectionPool,
  rows: readonly NewTracking[],
  { locks, places }: { locks: string; places: Places },
): Promise<ReadonlySet<string>> {
  const { isSpread } = places;
  const sorted = rows.toSorted((one, other) => byKey(one.columns, other.columns));
  const shares = sharesOf(sorted, places, ({ columns }) => columns.provider_id);
  return await transactAtOnce(pool, locks, {
    async first(connection) {
      const inserted = await askAll(shares, async ({ providerIds, rows }) => {
        const columns = rows.map((row) => row.columns);
        const hashes = rows.map(({ forgottenHash }) => forgottenHash);
        const values = [providerIds, ...arraysOf(columnNames, columns), hashes];
        // Planned anew for each part: by its name, it would be planned for whichever.
        const name = isSpread ? undefined : 'onramp_insert_new';
        return (await connection.query<{ id: Buffer }>(insertNew, values, name)).rows;
      });
      return new Set(inserted.map(({ id }) => fromBytes(id)));
    },
    async last(connection, ids) {
      const changes = createFigureChanges();
      for (const { columns, contribution } of sorted) {
        if (ids.has(fromBytes(columns.id))) changes.add([contribution]);
      }
      await moveFigures(connection, changes, isSpread);
    },
  });
}

/** The statements of the transaction that the connection is in: a few, whatever the number of rows. */
export function createTrackingStatements(connection: Connection, places: Places): TrackingStatements {
  const { isSpread } = places;
  const ownedShares = <Row extends OwnedRow>(rows: readonly Row[]) =>
    sharesOf(rows, places, (row) => row.provider_id);
  const namedShares = <Row extends { providerId: number }>(rows: readonly Row[]) =>
    sharesOf(rows, places, (row) => row.providerId);

  async function findShare({ providerIds, rows: sought }: Share<SoughtTracking>) {
    const searches = searchesFor(sought);
    if (searches.length === 0) return [];
    let from = 2;
    const selects = searches.map(({ select, values }) => {
      const text = select(from);
      from += values.length;
      return text;
    });
    const { rows } = await connection.query<FoundTracking>(
      `select ${foundColumns} from trackings
        where ${isOfProviders('trackings')} and id in (${selects.join(' union ')}) order by provider_id, id for update`,
      [providerIds, ...searches.flatMap(({ values }) => values)],
    );
    return rows;
  }

  async function findOfOrders<Row>(text: string, { providerIds, rows: orders }: Share<OrderName>) {
    const { rows } = await connection.query<Row>(text, [providerIds, ...orderArrays(orders)]);
    return rows;
  }

  return {
    find: (sought) => askAll(namedShares(sought), findShare),
    /** @throws OvertakenError where another instance has inserted one of them meanwhile */
    async insert(rows) {
      const { rowCount } = await connection.query(insert, arraysOf(columnNames, rows.toSorted(byKey)));
      if (rowCount < rows.length) throw new OvertakenError('Another instance has inserted a key first.');
    },
    async update(rows) {
      await askAll(ownedShares(rows), async ({ providerIds, rows }) => {
        await connection.query(update, [providerIds, ...arraysOf(['id', ...copiesColumns], rows)]);
        return [];
      });
    },
    async rename(rows) {
      await askAll(ownedShares(rows), async ({ providerIds, rows }) => {
        await connection.query(rename, [providerIds, ...arraysOf(renamedColumns, rows)]);
        return [];
      });
    },
    async remove(rows) {
      await askAll(ownedShares(rows), async ({ providerIds, rows }) => {
        await connection.query(remove, [providerIds, rows.map(({ id }) => id)]);
        return [];
      });
    },
    findRefunds: (orders) =>
      askAll(namedShares(orders), (share) => findOfOrders<FoundRefund>(findRefunds, share)),
    findPayments: (orders) =>
      askAll(namedShares(orders), (share) => findOfOrders<FoundTracking>(findPayments, share)),
    moveFigures: (changes) => moveFigures(connection, changes, isSpread),
  };
}

const namedOrders = `unnest($2::integer[], $3::text[], $4::text[]) as named (provider_id, order_id, service_name)`;
const findRefunds = `select named.provider_id as "providerId", named.order_id as "orderId",
    named.service_name as "serviceName", latest.purchased_at as "purchasedAt", latest.amount, latest.currency
  from ${namedOrders}
  cross join lateral (
    select purchased_at, amount, currency from trackings as refund
    where refund.event = 'refund' and refund.provider_id = named.provider_id
      and refund.order_id = named.order_id and refund.service_name = named.service_name and ${isOfProviders('refund')}
    order by refund.purchased_at desc, cast(refund.amount as numeric) desc, refund.currency desc, refund.amount desc
    limit 1
  ) as latest`;
const findPayments = `select ${foundColumns.map((name) => `paid.${name}`)} from ${namedOrders}
  join trackings as paid using (provider_id, order_id, service_name)
  where paid.event in ('purchase', 'renewal') and ${isOfProviders('paid')}`;

function orderArrays(orders: readonly OrderName[]): unknown[][] {
  return [
    orders.map(({ providerId }) => providerId),
    orders.map(({ orderId }) => orderId),
    orders.map(({ serviceName }) => serviceName),
  ];
}

const noKey = Buffer.alloc(0);

/** In one order everywhere. */
function byKey(one: TrackingColumns, other: TrackingColumns): number {
  return Buffer.compare(one.dedupe_key ?? noKey, other.dedupe_key ?? noKey);
}

function arraysOf<Name extends ColumnName>(
  names: readonly Name[],
  rows: readonly Pick<TrackingColumns, Name>[],
): unknown[][] {
  return names.map((name) => rows.map((row) => row[name]));
}
