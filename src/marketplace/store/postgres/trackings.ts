import { sameCustomerWindowMs } from '../../../wire/fields.ts';
import { fromBytes } from '../../ledger/id.ts';
import { forgetting } from '../forgotten.ts';
import type { TrackingColumns } from '../schema.ts';
import {
  copiesColumns,
  type FoundTracking,
  foundColumns,
  type NewTracking,
  type TrackingStatements,
} from '../trackingStatements.ts';
import { takeLocks } from './locks.ts';
import type { Connection, ConnectionPool } from './pool.ts';
import { OvertakenError, transactAtOnce } from './transaction.ts';

/*
 * Rows are locked in the order of their ids, then new ones inserted in the order of their keys: of any two
 * transactions one comes first everywhere. A row that is only found is locked, too: a lock is written to the
 * log, and so its commit waits for the synchronous standbys until they have the row as well. Else a row whose own commit
 * had its waiting broken off would be said to be there, and be lost with the machine.
 */
const knownIds = `
    select known.id from unnest($1::integer[], $2::text[], $3::bytea[])
      as sent (provider_id, customer_id, dedupe_key)
    join trackings as known using (provider_id, customer_id, dedupe_key)
    union
    select known.id from unnest($1::integer[], $2::text[], $3::bytea[])
      as sent (provider_id, customer_id, dedupe_key)
    join trackings as known using (provider_id, dedupe_key)
    where sent.customer_id is null and known.customer_id is null`;
const nearbyIds = `
    select near.id from unnest($4::integer[], $5::text[], $6::text[], $7::bigint[])
      as sent (provider_id, customer_id, service_name, purchased_at)
    join trackings as near using (provider_id, customer_id, service_name)
    where near.stamped = 1 and near.purchased_at > sent.purchased_at - ${sameCustomerWindowMs}
      and near.purchased_at < sent.purchased_at + ${sameCustomerWindowMs}`;
const findByKeys = `select ${foundColumns} from trackings where id in (${knownIds}) order by id for update`;
const findStamped = `select ${foundColumns} from trackings where id in (${knownIds} union ${nearbyIds})
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

const columnNames = Object.keys(insertedColumns) as ColumnName[];
const insert = `insert into trackings (${columnNames}) select * from ${unnest(columnNames)}
  on conflict do nothing`;
const update = `update trackings set ${copiesColumns.map((name) => `${name} = sent.${name}`)}
  from ${unnest(['id', ...copiesColumns])} where trackings.id = sent.id`;

/** A table of the values, one array a column. */
function unnest(names: readonly (ColumnName | 'forgotten')[]): string {
  const types = { ...insertedColumns, forgotten: 'bytea' };
  const arrays = names.map((name, index) => `$${index + 1}::${types[name]}[]`);
  return `unnest(${arrays}) as sent (${names})`;
}

/** As the insert above, but of those whose customer wasn't forgotten, and with the ids of those that weren't there. */
const insertNew = `insert into trackings (${columnNames})
  select ${columnNames} from ${unnest([...columnNames, 'forgotten'])}
  where not exists (select 1 from forgotten where hash = sent.forgotten)
  on conflict do nothing returning id`;

/** See Database.insertAtOnce. The rows wait for a customer to be forgotten, as those of every transaction do. */
export async function insertAtOnce(
  pool: ConnectionPool,
  rows: readonly NewTracking[],
): Promise<ReadonlySet<string>> {
  const sorted = rows.toSorted((one, other) => byKey(one.columns, other.columns));
  const columns = sorted.map((row) => row.columns);
  const hashes = sorted.map(({ forgottenHash }) => forgottenHash);
  const inserted = await transactAtOnce<{ id: Buffer }>(pool, takeLocks({ share: forgetting }), {
    name: 'onramp_insert_new',
    text: insertNew,
    values: [...arraysOf(columnNames, columns), hashes],
  });
  return new Set(inserted.map(({ id }) => fromBytes(id)));
}

/** The statements of the transaction that the connection is in: one each, whatever the number of rows. */
export function createTrackingStatements(connection: Connection): TrackingStatements {
  return {
    async find(sought) {
      const keyed = sought.filter(({ key }) => key);
      const keys = [
        keyed.map(({ providerId }) => providerId),
        keyed.map(({ customerId }) => customerId ?? null),
        keyed.map(({ key }) => key),
      ];
      const stamped = sought.flatMap(({ stamped: time, ...who }) => (time ? { ...who, ...time } : []));
      const found =
        stamped.length === 0
          ? await connection.query<FoundTracking>(findByKeys, keys)
          : await connection.query<FoundTracking>(findStamped, [
              ...keys,
              stamped.map(({ providerId }) => providerId),
              stamped.map(({ customerId }) => customerId),
              stamped.map(({ serviceName }) => serviceName),
              stamped.map(({ purchasedAt }) => purchasedAt),
            ]);
      return found.rows;
    },
    /** @throws OvertakenError where another instance has inserted one of them meanwhile */
    async insert(rows) {
      const { rowCount } = await connection.query(insert, arraysOf(columnNames, rows.toSorted(byKey)));
      if (rowCount < rows.length) throw new OvertakenError('Another instance has inserted a key first.');
    },
    async update(rows) {
      await connection.query(update, arraysOf(['id', ...copiesColumns], rows));
    },
  };
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
