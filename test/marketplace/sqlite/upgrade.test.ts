// A file of the first version is brought up to date when it is opened.
import SqliteConnection from 'better-sqlite3';
import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { expect, onTestFinished, test } from 'vitest';
import { createMigrations } from '../../../src/marketplace/store/migrations.ts';
import { openDatabase } from '../../../src/marketplace/store/open.ts';
import { createDialect } from '../../../src/marketplace/store/sqlite/dialect.ts';
import { words } from '../../../src/marketplace/store/sqlite/sqlite.ts';
import { createDatabase } from '../support/database.ts';

test('what was refused and tried before belongs to its provider', async () => {
  const file = await createDatabase();
  const connection = new SqliteConnection(':memory:');
  const { '0001-tables': tables } = createMigrations(words);
  const provider = { getMigrations: async () => (tables ? { '0001-tables': tables } : {}) };
  const db = new Kysely<unknown>({ dialect: createDialect(connection) });
  const { error } = await new Migrator({ db, provider }).migrateToLatest({ disableTransactions: true });
  expect(error).toBeUndefined();
  connection.exec(`
    insert into providers values (7, 'pk_acme', 'Acme', '[]', 'unsigned', 0, null, 0);
    insert into rejections values
      (x'00000000000000000000000000000001', x'00000000000000000000000000000001', 'provider:pk_acme', x'01', 400, 'x', '',
        '[]', 'unsigned', 0, 'post', '{}', 3, 1, 1),
      (x'00000000000000000000000000000002', x'00000000000000000000000000000002', 'unknown-key', x'02', 403, 'y', '',
        '[]', 'unsigned', 0, 'post', '{}', 1, 1, 2);
    insert into orders values (x'00000000000000000000000000000003', 'token', 7, 'undecided', '{}', x'00', 0, null, null,
      null, 1, null, null, null, null, 1);
    insert into order_attempts values (x'00000000000000000000000000000003', 1, 1, 2, 'unclear', 500, 'z');
    vacuum into '${file}.old'`);
  connection.close();

  const store = await openDatabase(`${file}.old`);
  onTestFinished(() => store.close());
  expect(await store.listRejections({ limit: 9 })).toMatchObject([
    { providerId: 0, reason: 'y' },
    { providerId: 7, reason: 'x', count: 3 },
  ]);
  expect(await store.listOrders({ providerId: 7, limit: 9 })).toMatchObject([
    { token: 'token', attempts: [{ number: 1, reason: 'z' }] },
  ]);
});
