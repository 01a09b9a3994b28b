// The benchmark fills ledgers past the service, by what it finds in its tables.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { fillPostgres } from '../../../bench/service/postgres.ts';
import { fillSqlite } from '../../../bench/service/sqlite.ts';
import { expectFiguresOfRows } from '../support/figures.ts';
import { temporaryFolder } from '../support/files.ts';
import { bearer, fromAcme, purchase } from '../support/purchase.ts';
import { startService } from '../support/service.ts';

async function fill(database: string, rows: number): Promise<string> {
  if (database.startsWith('postgres:')) {
    await fillPostgres(database, rows, () => undefined);
    return database;
  }
  const copy = join(await temporaryFolder(), 'ledger.db');
  const connection = new Database(database);
  connection.prepare('vacuum into ?').run(copy);
  connection.close();
  fillSqlite(copy, rows, () => undefined);
  return copy;
}

test('the service reads and counts purchases that the benchmark filled in as its own, in their order', async () => {
  const service = await startService();
  // What is filled in is of the real time.
  service.time.now = Date.now();
  const { secret } = await service.addProvider();
  const details = { amount: '49.9', currency: 'EUR', orderId: 'first' };
  expect(await service.post({ ...purchase, ...details }, fromAcme)).toMatchObject({ status: 201 });

  const filled = await startService({ database: await fill(service.database, 300) });
  const acme = {
    rows: (query = '') => filled.list(`/api/SaasTrackings${query}`, secret),
    clicks: () => filled.list('/api/clicks', secret),
    page: (path: string) => filled.send(path, { headers: bearer(secret) }),
  };
  await expectFiguresOfRows(acme, { by: 'day,service,campaign,verdict,level', zone: 'Asia/Kolkata' });
  await expectFiguresOfRows(acme, { by: 'month' });
  const items = await filled.list('/api/SaasTrackings?limit=100', secret);
  // They came up to a day ago, before the one that was sent.
  const [sent, ...others] = items;
  expect(sent).toMatchObject({ orderId: 'first' });
  const numbers = others.map(({ orderId }) => Number(/^filled-+(\d{9})$/.exec(String(orderId))?.[1]));
  expect(numbers).toEqual(Array.from({ length: 99 }, (_, index) => 299 - index));
  // The number 299 is the 11th of its kind: 72 of them are all there are.
  expect(others[0]).toMatchObject({
    serviceName: 'Service 2',
    amount: '49.9',
    currency: 'EUR',
    trust: 'origin',
    verdict: 'none',
    listing: 'listing-0',
  });
  expect(new Set(others.map(({ customerId }) => customerId)).size).toBe(99);

  expect(await filled.post({ ...purchase, orderId: 'next' }, fromAcme)).toMatchObject({ status: 201 });
});
