import { sameCustomerWindowMs } from '../../../wire/fields.ts';
import { createFigureGroups } from '../../ledger/figureChanges.ts';
import { fromBytes } from '../../ledger/id.ts';
import type { TrackingColumns } from '../schema.ts';
import {
  copiesColumns,
  type FoundRefund,
  type FoundTracking,
  foundColumns,
  maxClaims,
  type NewTracking,
  type OrderName,
  type SoughtTracking,
  type TrackingStatements,
} from '../trackingStatements.ts';
import { countedNames, countedTypes, countRows, groupValues, moveFigures, toCounted } from './figures.ts';
import type { Connection, ConnectionPool } from './pool.ts';
import { OvertakenError, transactAtOnce } from './transaction.ts';

/*
 * Rows are locked in the order of their ids, then new ones inserted in the order of their keys: of any two
 * transactions one comes first everywhere. A row that is only found is locked, too: a lock is written to the
 * log, and so its commit waits for the synchronous standbys until they have the row as well. Else a row whose own commit
 * had its waiting broken off would be said to be there, and be lost with the machine.
 */
const knownIds = (from: number) => `
    select known.id from unnest($${from}::integer[], $${from + 1}::text[], $${from + 2}::bytea[])
      as sent (provider_id, customer_id, dedupe_key)
    join trackings as known using (provider_id, customer_id, dedupe_key)
    union
    select known.id from unnest($${from}::integer[], $${from + 1}::text[], $${from + 2}::bytea[])
      as sent (provider_id, customer_id, dedupe_key)
    join trackings as known using (provider_id, dedupe_key)
    where sent.customer_id is null and known.customer_id is null`;
const nearbyIds = (from: number) => `
    select near.id from unnest($${from}::integer[], $${from + 1}::text[], $${from + 2}::text[], $${from + 3}::bigint[])
      as sent (provider_id, customer_id, service_name, purchased_at)
    join trackings as near using (provider_id, customer_id, service_name)
    where near.stamped = 1 and near.purchased_at > sent.purchased_at - ${sameCustomerWindowMs}
      and near.purchased_at < sent.purchased_at + ${sameCustomerWindowMs}`;
const orderIds = (from: number) => `
    select known.id from unnest($${from}::integer[], $${from + 1}::text[], $${from + 2}::text[], $${from + 3}::bytea[])
      as sent (provider_id, order_id, service_name, dedupe_key)
    join trackings as known using (provider_id, order_id, service_name, dedupe_key)`;
const claimIds = (from: number) => `
    select claim.id from unnest($${from}::integer[], $${from + 1}::text[], $${from + 2}::text[])
      as sent (provider_id, order_id, service_name)
    cross join lateral (
      select id from trackings as known
      where known.provider_id = sent.provider_id and known.order_id = sent.order_id
        and known.service_name = sent.service_name and known.event in ('purchase', 'renewal')
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
const insert = `insert into trackings (${columnNames}) select * from ${unnest(columnNames)}
  on conflict do nothing`;
const update = `update trackings set ${copiesColumns.map((name) => `${name} = sent.${name}`)}
  from ${unnest(['id', ...copiesColumns])} where trackings.id = sent.id`;

const renamedColumns = ['id', 'event', 'service_name', 'customer_id', 'order_id', 'dedupe_key'] as const;
const rename = `update trackings set event = sent.event, service_name = sent.service_name,
  customer_id = sent.customer_id, order_id = sent.order_id, dedupe_key = sent.dedupe_key
  from ${unnest(renamedColumns)} where trackings.id = sent.id`;

const newNames = [...columnNames, 'forgotten', ...countedNames] as const;

/** A table of the values, one array a column. */
function unnest(names: readonly (typeof newNames)[number][]): string {
  const types = { ...insertedColumns, forgotten: 'bytea', ...countedTypes };
  const arrays = names.map((name, index) => `$${index + 1}::${types[name]}[]`);
  return `unnest(${arrays}) as sent (${names})`;
}

/**
 * As the insert above, but of those whose customer wasn't forgotten, of whose order there is no row and that can't be late
 * copies of what was deleted (store/retention.ts), and with the ids of those that weren't there. Those are counted, once all of them are inserted: what they come to is sorted by then.
 */
const insertNew = `with sent as materialized (
    select * from ${unnest(newNames)}
  ), inserted as (
    insert into trackings (${columnNames})
    select ${columnNames} from sent
    where not exists (select 1 from forgotten where hash = sent.forgotten)
      and not exists (
        select 1 from purges where purges.provider_id = sent.provider_id
          and purges.purchases_before > sent.purchased_at and purges.purchases_before <= sent.received_at
      )
      and not exists (
        select 1 from trackings as known where known.provider_id = sent.provider_id
          and known.order_id = sent.order_id and known.service_name = sent.service_name
      )
    on conflict do nothing returning id
  ), ${countRows({ groupsFrom: newNames.length + 1, rows: 'sent join inserted using (id)' })}
  select id from inserted`;

/** See Database.insertAtOnce. */
export async function insertAtOnce(
  pool: ConnectionPool,
  rows: readonly NewTracking[],
  locks: string,
): Promise<ReadonlySet<string>> {
  const sorted = rows.toSorted((one, other) => byKey(one.columns, other.columns));
  const groups = createFigureGroups();
  const counted = sorted.map(({ contribution }) => toCounted(contribution, groups));
  const inserted = await transactAtOnce<{ id: Buffer }>(pool, locks, {
    name: 'onramp_insert_new',
    text: insertNew,
    values: [
      ...arraysOf(
        columnNames,
        sorted.map((row) => row.columns),
      ),
      sorted.map(({ forgottenHash }) => forgottenHash),
      ...countedNames.map((name) => counted.map((row) => row[name])),
      ...groupValues(groups.rows),
    ],
  });
  return new Set(inserted.map(({ id }) => fromBytes(id)));
}

/** The statements of the transaction that the connection is in: one each, whatever the number of rows. */
export function createTrackingStatements(connection: Connection): TrackingStatements {
  return {
    async find(sought) {
      const searches = searchesFor(sought);
      if (searches.length === 0) return [];
      let from = 1;
      const selects = searches.map(({ select, values }) => {
        const text = select(from);
        from += values.length;
        return text;
      });
      const { rows } = await connection.query<FoundTracking>(
        `select ${foundColumns} from trackings where id in (${selects.join(' union ')}) order by id for update`,
        searches.flatMap(({ values }) => values),
      );
      return rows;
    },
    /** @throws OvertakenError where another instance has inserted one of them meanwhile */
    async insert(rows) {
      const { rowCount } = await connection.query(insert, arraysOf(columnNames, rows.toSorted(byKey)));
      if (rowCount < rows.length) throw new OvertakenError('Another instance has inserted a key first.');
    },
    async update(rows) {
      await connection.query(update, arraysOf(['id', ...copiesColumns], rows));
    },
    async rename(rows) {
      await connection.query(rename, arraysOf(renamedColumns, rows));
    },
    async remove(ids) {
      await connection.query('delete from trackings where id = any ($1::bytea[])', [ids]);
    },
    async findRefunds(orders) {
      if (orders.length === 0) return [];
      const { rows } = await connection.query<FoundRefund>(findRefunds, orderArrays(orders));
      return rows;
    },
    async findPayments(orders) {
      if (orders.length === 0) return [];
      const { rows } = await connection.query<FoundTracking>(findPayments, orderArrays(orders));
      return rows;
    },
    moveFigures: (changes) => moveFigures(connection, changes),
  };
}

const namedOrders = `unnest($1::integer[], $2::text[], $3::text[]) as named (provider_id, order_id, service_name)`;
const findRefunds = `select named.provider_id as "providerId", named.order_id as "orderId",
    named.service_name as "serviceName", latest.purchased_at as "purchasedAt", latest.amount, latest.currency
  from ${namedOrders}
  cross join lateral (
    select purchased_at, amount, currency from trackings as refund
    where refund.event = 'refund' and refund.provider_id = named.provider_id
      and refund.order_id = named.order_id and refund.service_name = named.service_name
    order by refund.purchased_at desc, cast(refund.amount as numeric) desc, refund.currency desc, refund.amount desc
    limit 1
  ) as latest`;
const findPayments = `select ${foundColumns.map((name) => `paid.${name}`)} from ${namedOrders}
  join trackings as paid using (provider_id, order_id, service_name)
  where paid.event in ('purchase', 'renewal')`;

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
