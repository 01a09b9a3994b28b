import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { createPool } from '../../../src/marketplace/store/postgres/pool.ts';
import { transact } from '../../../src/marketplace/store/postgres/transaction.ts';
import { queryPostgres } from '../../support/postgresDatabases.ts';
import { createDatabase } from '../support/database.ts';
import { addAcme, longestAnswerMs, serveAt, storedOrderIds, unavailable } from '../support/faults.ts';
import { patience } from '../support/patience.ts';

/** A transaction that stays open; resolves to what ends it. */
async function keepOpen(database: string, statement: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  let isOpen = true;
  const end = async () => {
    if (isOpen) await client.end();
    isOpen = false;
  };
  onTestFinished(end);
  await client.query('begin');
  await client.query(statement);
  return end;
}

test('a purchase that somebody has locked is refused in time, and others are stored meanwhile', async () => {
  const database = await createDatabase();
  await addAcme(database);
  const service = await serveAt(database);
  expect((await service.post('locked')).status).toBe(201);
  const release = await keepOpen(database, 'select * from trackings for update');

  const [locked, ...others] = await Promise.all([
    service.post('locked'),
    service.readiness(),
    service.liveness(),
  ]);
  expect(locked).toMatchObject(unavailable('another transaction has locked what it needs in its database'));
  expect(locked?.ms).toBeLessThan(longestAnswerMs);
  expect(others.map(({ status }) => status)).toEqual([200, 200]);
  expect((await service.post('other')).status).toBe(201);

  await release();
  expect(await service.post('locked')).toMatchObject({ body: { status: 'duplicate' } });
  expect(await storedOrderIds(database)).toEqual(['locked', 'other']);
});

test('who inserts what another one inserts at the same moment tries again, and not for ever', async () => {
  const database = await createDatabase({ empty: true });
  await queryPostgres(database, 'create table words (word text unique)');
  const pool = createPool(database, 1);
  onTestFinished(() => pool.end());
  const other = new pg.Client({ connectionString: database });
  await other.connect();
  onTestFinished(() => other.end());
  await other.query("begin; insert into words values ('once')");

  const writing = transact(pool, '', (connection) =>
    connection.query("insert into words select 'once' where not exists (select from words)"),
  );
  const waiting =
    "select from pg_stat_activity where wait_event = 'transactionid' and query like 'insert into words%'";
  await expect.poll(() => queryPostgres(database, waiting), patience).toHaveLength(1);
  await other.query('commit');
  await writing;

  const again = transact(pool, '', (connection) => connection.query("insert into words values ('once')"));
  await expect(again).rejects.toThrow('23505');
  expect(await queryPostgres(database, 'select word from words')).toEqual([{ word: 'once' }]);
});

test('errors of the database are logged without the values', async () => {
  const database = await createDatabase();
  await addAcme(database);
  // With it the server shows the values of a statement in the context of its errors.
  const name = new URL(database).pathname.slice(1);
  await queryPostgres(database, `alter database ${name} set log_parameter_max_length_on_error = -1`);
  const service = await serveAt(database);
  const customerId = 'customer-of-acme';
  const post = (orderId?: string) =>
    service.post('', { orderId, customerId, purchasedAt: Date.now(), clock: Date.now() });

  expect((await post()).status).toBe(201);
  const release = await keepOpen(database, 'select * from trackings for update');
  expect(await post()).toMatchObject({ status: 503 });
  await expect.poll(() => service.log(), patience).toContain('canceling statement due to lock timeout');
  await release();

  await queryPostgres(database, 'alter table trackings add constraint broken check (false) not valid');
  const answers = await Promise.all([post('1'), post('2')]);
  expect(answers.map(({ status }) => status)).toEqual([500, 500]);
  expect(service.log()).toContain('PostgreSQL refused a statement: 23514 trackings broken.');
  expect(service.log()).not.toContain(customerId);
  expect(service.log()).not.toContain(new URL(database).password);
});
