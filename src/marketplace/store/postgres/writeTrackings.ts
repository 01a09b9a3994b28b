import { sameCustomerWindowMs } from '../../../wire/fields.ts';
import { firstCopy } from '../../ledger/merge.ts';
import type { Outcome, TrackingEntry } from '../ledger.ts';
import { fromBytes, toBytes } from '../sql/id.ts';
import type { TrackingColumns } from '../sql/schema.ts';
import { mergedColumns, type StoredCopies, toMergedCopies, trackingColumns } from '../sql/trackingColumns.ts';
import type { Connection } from './pool.ts';
import { createTrackingRows, hexKey, stampedBy, type TrackingRecord } from './trackingRows.ts';
import { OvertakenError } from './transaction.ts';

type Found = StoredCopies &
  Pick<TrackingColumns, 'id' | 'dedupe_key' | 'provider_id' | 'stamped' | 'service_name' | 'customer_id'>;

const foundColumns = `id, dedupe_key, provider_id, stamped, service_name, customer_id,
  purchased_at, amount, currency, referral, referral_source, landed_at, page, trust, copies`;

/*
 * Rows are locked in the order of their ids, then new ones inserted in the order of their keys: of any two
 * transactions one comes first everywhere. A row that is only found is locked, too: a lock is written to the
 * log, and so its commit waits for the synchronous standbys until they have the row as well. Else a row whose own commit
 * had its waiting broken off would be said to be there, and be lost with the machine.
 */
const findByKeys = `select ${foundColumns} from trackings where dedupe_key = any($1::bytea[]) order by id for update`;
const findStamped = `select ${foundColumns} from trackings where id in (
    select id from trackings where dedupe_key = any($1::bytea[])
    union
    select near.id from unnest($2::integer[], $3::text[], $4::text[], $5::bigint[])
      as sent (provider_id, customer_id, service_name, purchased_at)
    join trackings as near on near.stamped = 1 and near.provider_id = sent.provider_id
      and near.customer_id = sent.customer_id and near.service_name = sent.service_name
      and near.purchased_at > sent.purchased_at - ${sameCustomerWindowMs}
      and near.purchased_at < sent.purchased_at + ${sameCustomerWindowMs})
  order by id for update`;

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
} as const satisfies Record<keyof TrackingColumns, string>;
type ColumnName = keyof typeof insertedColumns;

const changedColumns = [
  'purchased_at',
  'amount',
  'currency',
  'referral',
  'referral_source',
  'landed_at',
  'page',
  'trust',
  'copies',
] as const satisfies readonly ColumnName[];

const columnNames = Object.keys(insertedColumns) as ColumnName[];
const insert = `insert into trackings (${columnNames}) select * from ${unnest(columnNames)}
  on conflict (dedupe_key) do nothing`;
const update = `update trackings set ${changedColumns.map((name) => `${name} = sent.${name}`)}
  from ${unnest(['id', ...changedColumns])} where trackings.id = sent.id`;

/** A table of the values, one array a column. */
function unnest(names: readonly ColumnName[]): string {
  const arrays = names.map((name, index) => `$${index + 1}::${insertedColumns[name]}[]`);
  return `unnest(${arrays}) as sent (${names})`;
}

/**
 * Writes purchases, signups and visits, each as if those before it were there. To be called inside a transaction that holds the
 * locks of `locksOf`.
 *
 * @param known what `findKnown` has found for them, or for more than them
 * @throws OvertakenError where another instance has inserted one of them meanwhile
 */
export async function writeTrackings(
  connection: Connection,
  entries: readonly TrackingEntry[],
  known: readonly TrackingRecord[],
): Promise<Outcome[]> {
  const rows = createTrackingRows(known);
  const outcomes = entries.map((entry) => rows.take(entry));

  if (rows.added.size > 0) {
    const added = [...rows.added].sort(([one], [other]) => ((one.key ?? '') < (other.key ?? '') ? -1 : 1));
    const columns = added.map(([{ merged }, entry]) => trackingColumns(entry, merged));
    const { rowCount } = await connection.query(insert, arraysOf(columnNames, columns));
    if (rowCount < added.length) throw new OvertakenError('Another instance has inserted a key first.');
  }
  if (rows.changed.size > 0) {
    const columns = [...rows.changed].map(({ id, merged }) => ({
      id: toBytes(id),
      ...mergedColumns(merged),
    }));
    await connection.query(update, arraysOf(['id', ...changedColumns], columns));
  }
  return outcomes;
}

/** What the entries have to be alone with: the customers whose purchases only a stamped time tells apart. */
export function locksOf(entries: readonly TrackingEntry[]): string[] {
  return entries.flatMap((entry) => stampedBy(entry) ?? []);
}

/** Finds and locks the rows that the entries may be copies of. */
export async function findKnown(
  connection: Connection,
  entries: readonly TrackingEntry[],
): Promise<TrackingRecord[]> {
  if (entries.length === 0) return [];
  const keys = entries.flatMap(({ key }) => key ?? []);
  const stamped = entries.filter((entry) => entry.stamped);
  const found =
    stamped.length === 0
      ? await connection.query<Found>(findByKeys, [keys])
      : await connection.query<Found>(findStamped, [
          keys,
          stamped.map(({ providerId }) => providerId),
          stamped.map(({ customerId }) => customerId),
          stamped.map(({ serviceName }) => serviceName),
          stamped.map(({ copy }) => firstCopy(copy).details.purchasedAt),
        ]);
  return found.rows.map((row) => ({
    id: fromBytes(row.id),
    key: row.dedupe_key ? hexKey({ key: row.dedupe_key }) : undefined,
    stampedBy: stampedBy({
      stamped: row.stamped === 1,
      providerId: row.provider_id,
      customerId: row.customer_id ?? undefined,
      serviceName: row.service_name ?? undefined,
    }),
    merged: toMergedCopies(row),
  }));
}

function arraysOf<Name extends ColumnName>(
  names: readonly Name[],
  rows: readonly Pick<TrackingColumns, Name>[],
): unknown[][] {
  return names.map((name) => rows.map((row) => row[name]));
}
