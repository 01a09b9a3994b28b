import type Database from 'better-sqlite3';
import { forgottenHash } from '../../ledger/hash.ts';
import type { Erased, ForgetRequest } from '../privacy.ts';
import { providerPool, unknownKeyPool, unreadablePool } from '../rejections.ts';
import { isAbout } from '../sql/refusedCustomer.ts';
import { readForgottenKey } from './forgotten.ts';

const ofCustomer = 'provider_id = :providerId and coid = :customerId';
const ofSubscription = `in (select position from subscriptions where ${ofCustomer})`;

/** Prepares the erasing of customers: all of them in one transaction, with the hashes that keep them away. */
export function prepareForget(connection: Database.Database): (request: ForgetRequest) => Erased {
  const key = readForgottenKey(connection);
  const remember = connection.prepare(
    'insert into forgotten (hash, forgotten_at) values (:hash, :forgottenAt) on conflict (hash) do nothing',
  );
  const purchases = connection.prepare(
    'delete from trackings where provider_id = :providerId and customer_id = :customerId',
  );
  const keys = connection.prepare(
    `delete from report_keys where provider_id = :providerId
       and report_id in (select id from reports where subscription ${ofSubscription})`,
  );
  const reports = connection.prepare(`delete from reports where subscription ${ofSubscription}`);
  const subscriptions = connection.prepare(`delete from subscriptions where ${ofCustomer}`);
  const attempts = connection.prepare(
    `delete from order_attempts where order_id in (select id from orders where ${ofCustomer})`,
  );
  const orders = connection.prepare(`delete from orders where ${ofCustomer}`);
  const refused = connection.prepare<unknown[], { id: Buffer; payload: string }>(
    'select id, payload from rejections where pool in (:own, :unknown, :unreadable)',
  );
  const deleteRejection = connection.prepare<[Buffer]>('delete from rejections where id = ?');

  function forgetRejections(partnerKey: string, customerId: string): number {
    const pools = { own: providerPool(partnerKey), unknown: unknownKeyPool, unreadable: unreadablePool };
    const named = refused.all(pools).filter(({ payload }) => isAbout(JSON.parse(payload), customerId));
    for (const { id } of named) deleteRejection.run(id);
    return named.length;
  }

  const forget = connection.transaction((request: ForgetRequest) => {
    const { providerId, partnerKey, customerIds, forgottenAt } = request;
    const erased = none();
    for (const customerId of customerIds) {
      const customer = { providerId, customerId };
      remember.run({ hash: forgottenHash(key, providerId, customerId), forgottenAt });
      erased.purchases += purchases.run(customer).changes;
      erased.idempotencyKeys += keys.run(customer).changes;
      erased.reports += reports.run(customer).changes;
      erased.subscriptions += subscriptions.run(customer).changes;
      attempts.run(customer);
      erased.orders += orders.run(customer).changes;
      erased.rejections += forgetRejections(partnerKey, customerId);
    }
    return erased;
  });
  return (request) => forget.immediate(request);
}

function none(): Erased {
  return { purchases: 0, subscriptions: 0, reports: 0, idempotencyKeys: 0, orders: 0, rejections: 0 };
}
