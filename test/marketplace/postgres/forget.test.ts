import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { queryDatabase, readDatabase } from '../support/database.ts';
import { forgetCustomers } from '../support/forget.ts';
import { patience } from '../support/patience.ts';
import { purchase } from '../support/purchase.ts';
import { type Service, startService } from '../support/service.ts';

const customerId = 'Margarethe-4711';
const other = 'Theophila-4712';

async function startWithCustomers(): Promise<Service> {
  const service = await startService();
  await service.addProvider();
  for (const id of [customerId, other]) {
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        service.post({ ...purchase, customerId: id, orderId: `${index} of ${id}` }),
      ),
    );
    await service.post({ ...purchase, customerId: id, serviceName: '' });
  }
  return service;
}

test('a customer who is forgotten is gone from what the planner knows of the tables, too', async () => {
  const service = await startWithCustomers();
  await queryDatabase(service.database, 'analyze');
  await forgetCustomers(service, 'pk_acme', customerId);
  const bytes = await readDatabase(service.database);
  expect(bytes.includes(other)).toBe(true);
  expect(bytes.includes(customerId)).toBe(false);
});

test('what a transaction that began before may still see is waited for', async () => {
  const service = await startWithCustomers();
  const reader = new pg.Client(service.database);
  await reader.connect();
  onTestFinished(() => reader.end());
  await reader.query('begin isolation level repeatable read');
  await reader.query('select 1 from trackings');

  let isDone = false;
  const forgetting = forgetCustomers(service, 'pk_acme', customerId).finally(() => {
    isDone = true;
  });
  const isDeleted = () => queryDatabase(service.database, 'select 1 from forgotten');
  await expect.poll(isDeleted, patience).toHaveLength(1);
  // The one who forgets has a transaction of its own, for as long as it looks who is there.
  const looks = () =>
    queryDatabase(
      service.database,
      "select 1 from pg_stat_activity where datname = current_database() and query like '%backend_xmin%'" +
        " and state = 'idle'",
    );
  await expect.poll(looks, patience).toHaveLength(1);
  expect(isDone).toBe(false);
  const { rows } = await reader.query('select count(*)::int as seen from trackings');
  expect(rows).toEqual([{ seen: 100 }]);
  await reader.query('commit');
  await forgetting;
  expect((await readDatabase(service.database)).includes(customerId)).toBe(false);
});
