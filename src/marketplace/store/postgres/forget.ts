import { forgottenHash } from '../../ledger/hash.ts';
import type { Erased, ForgetRequest } from '../privacy.ts';
import { providerPool, unknownKeyPool, unreadablePool } from '../rejections.ts';
import { isAbout } from '../sql/refusedCustomer.ts';
import { forgetting, lock } from './locks.ts';
import type { Connection, ConnectionPool } from './pool.ts';
import { transact } from './transaction.ts';

const ofCustomer = 'provider_id = $1 and coid = $2';
const ofSubscription = `in (select position from subscriptions where ${ofCustomer})`;

/** In this order, since later ones are what earlier ones find theirs by. */
const deletions = {
  purchases: 'delete from trackings where provider_id = $1 and customer_id = $2',
  idempotencyKeys: `delete from report_keys where provider_id = $1
    and report_id in (select id from reports where subscription ${ofSubscription})`,
  reports: `delete from reports where subscription ${ofSubscription}`,
  subscriptions: `delete from subscriptions where ${ofCustomer}`,
} as const;
const deleteAttempts = `delete from order_attempts where order_id in (select id from orders where ${ofCustomer})`;
const deleteOrders = `delete from orders where ${ofCustomer}`;

/** Erases customers, all of them in one transaction, with the hashes that keep them away; writers wait meanwhile. */
export async function forgetCustomers(
  pool: ConnectionPool,
  forgottenKey: Uint8Array,
  { providerId, partnerKey, customerIds, forgottenAt }: ForgetRequest,
): Promise<Erased> {
  return await transact(pool, lock(forgetting), async (connection) => {
    const erased: Erased = {
      purchases: 0,
      subscriptions: 0,
      reports: 0,
      idempotencyKeys: 0,
      orders: 0,
      rejections: 0,
    };
    for (const customerId of customerIds) {
      const customer = [providerId, customerId];
      await connection.query(
        'insert into forgotten (hash, forgotten_at) values ($1, $2) on conflict (hash) do nothing',
        [forgottenHash(forgottenKey, providerId, customerId), forgottenAt],
      );
      for (const kind of ['purchases', 'idempotencyKeys', 'reports', 'subscriptions'] as const) {
        erased[kind] += (await connection.query(deletions[kind], customer)).rowCount;
      }
      await connection.query(deleteAttempts, customer);
      erased.orders += (await connection.query(deleteOrders, customer)).rowCount;
      erased.rejections += await forgetRejections(connection, partnerKey, customerId);
    }
    return erased;
  });
}

async function forgetRejections(
  connection: Connection,
  partnerKey: string,
  customerId: string,
): Promise<number> {
  const { rows } = await connection.query<{ id: Buffer; payload: string }>(
    'select id, payload from rejections where pool = any($1::text[])',
    [[providerPool(partnerKey), unknownKeyPool, unreadablePool]],
  );
  const named = rows.filter(({ payload }) => isAbout(JSON.parse(payload), customerId));
  const { rowCount } = await connection.query('delete from rejections where id = any($1::bytea[])', [
    named.map(({ id }) => id),
  ]);
  return rowCount;
}
