import type { Kysely } from 'kysely';
import type { EndedAttempt, NewOrder, OrderChange, OrderStatus, OrderStore } from '../orders.ts';
import { toBytes } from '../sql/id.ts';
import { createOrderReader } from '../sql/readOrders.ts';
import type { Schema } from '../sql/schema.ts';
import type { Connection, ConnectionPool } from './pool.ts';
import { transact } from './transaction.ts';

const insert = `insert into orders
    (id, token, provider_id, status, fields, fingerprint, has_password, created_at, next_at)
  values ($1, $2, $3, 'under_way', $4, $5, $6, $7, $7) on conflict (token) do nothing`;
const claim = `update orders set lease_until = $2, next_at = null
  where id = $1 and lease_until is null and next_at <= $3 and status in ('under_way', 'waiting')
    and exists (select 1 from providers
      where id = orders.provider_id and disabled = 0 and provision_url is not null)`;
const insertAttempt = `insert into order_attempts (order_id, number, started_at)
  select $1, (select count(*) + 1 from order_attempts where order_id = $1), $2 returning number`;
const updateAttempt = `update order_attempts set ended_at = $3, outcome = $4, status = $5, reason = $6
  where order_id = $1 and number = $2`;
const setStatus = `update orders set status = $2, coid = $3, failure = $4, next_at = $5, ended_at = $6,
  lease_until = null where id = $1`;
const ofOwnAttempt = `and lease_until is not null
  and $7 = (select max(number) from order_attempts where order_id = $1)`;
// What a provider said may name the buyer, and the fingerprint could be guessed from.
const purgeReasons = `update order_attempts set reason = null where outcome = 'refused' and order_id in (
  select id from orders where ended_at < $1 and fields is not null)`;
const purgeFields = `update orders set fields = null, failure = null, fingerprint = ''
  where ended_at < $1 and fields is not null`;

export function createOrderStore(pool: ConnectionPool, reader: Kysely<Schema>): OrderStore {
  const orders = createOrderReader(reader);
  const write = <Result>(work: (connection: Connection) => Promise<Result>) => transact(pool, '', work);

  return {
    ...orders,
    async createOrder(order) {
      const isNew = await write((connection) => insertOrder(connection, order));
      const kept = await orders.findOrderByToken(order.token);
      if (!kept) throw new Error('The order is not there after it was written.');
      return { result: isNew ? 'created' : 'known', order: kept };
    },
    beginAttempt: ({ orderId, startedAt, leaseUntil }) =>
      write(async (connection) => {
        const id = toBytes(orderId);
        const { rowCount } = await connection.query(claim, [id, leaseUntil, startedAt]);
        if (rowCount === 0) return undefined;
        const { rows } = await connection.query<{ number: number }>(insertAttempt, [id, startedAt]);
        return rows[0]?.number;
      }),
    endAttempt: (attempt) => write((connection) => endAttempt(connection, attempt)),
    changeOrder: (id, change, from, now) =>
      write(async (connection) => {
        const { rowCount } = await connection.query(
          `${setStatus} and lease_until is null and status = any($7::text[])`,
          [toBytes(id), ...valuesOf(change, now), from],
        );
        return rowCount === 1;
      }),
    purgeOrders: (endedBefore) =>
      write(async (connection) => {
        await connection.query(purgeReasons, [endedBefore]);
        return (await connection.query(purgeFields, [endedBefore])).rowCount;
      }),
  };
}

async function insertOrder(
  connection: Connection,
  { id, token, providerId, fields, fingerprint, hasPassword, createdAt }: NewOrder,
): Promise<boolean> {
  const { rowCount } = await connection.query(insert, [
    toBytes(id),
    token,
    providerId,
    JSON.stringify(fields),
    fingerprint,
    hasPassword ? 1 : 0,
    createdAt,
  ]);
  if (rowCount === 1) return true;
  // Locked, so that the commit waits for the standbys like that of the first: see writeTrackings.ts.
  await connection.query('select 1 from orders where token = $1 for update', [token]);
  return false;
}

async function endAttempt(connection: Connection, attempt: EndedAttempt): Promise<void> {
  const { number, endedAt, outcome, status = null, reason = null, change } = attempt;
  const id = toBytes(attempt.orderId);
  await connection.query(updateAttempt, [id, number, endedAt, outcome, status, reason]);
  const values = [id, ...valuesOf(change, endedAt)];
  const { rowCount } = await connection.query(`${setStatus} ${ofOwnAttempt}`, [...values, number]);
  // Given up for lost or settled meanwhile: but an account that there is, is there.
  if (rowCount === 0 && change.status === 'succeeded') {
    await connection.query(`${setStatus} and status <> 'succeeded'`, values);
  }
}

/** In the order of setStatus. */
function valuesOf(change: OrderChange, now: number): [OrderStatus, ...(string | number | null)[]] {
  const { status } = change;
  return [
    status,
    status === 'succeeded' ? change.coid : null,
    status === 'failed' && change.failure ? JSON.stringify(change.failure) : null,
    'nextAt' in change ? change.nextAt : null,
    status === 'succeeded' || status === 'failed' ? now : null,
  ];
}
