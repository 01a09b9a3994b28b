// SQLite overwrites deleted rows only where it is told to, and some were deleted before that.
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { readDatabase } from '../support/database.ts';
import { forgetCustomers } from '../support/forget.ts';
import { purchase } from '../support/purchase.ts';
import { startService } from '../support/service.ts';

const customerId = 'cust-to-forget-7f3a';

test('a customer who is forgotten is gone from pages that were freed before deleted rows were overwritten, too', async () => {
  const service = await startService();
  await service.addProvider();
  for (let index = 0; index < 200; index++)
    await service.post({ ...purchase, customerId, orderId: `${index}` });
  const earlier = new Database(service.database);
  earlier.pragma('secure_delete = OFF');
  earlier.exec('delete from trackings');
  earlier.close();
  expect((await readDatabase(service.database)).includes(customerId)).toBe(true);
  expect(await forgetCustomers(service, 'pk_acme', customerId)).toMatchObject({ purchases: 0 });
  expect((await readDatabase(service.database)).includes(customerId)).toBe(false);
});
