// Of the first versions, which knew SQLite only.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { expect, onTestFinished, test } from 'vitest';
import { createSecret } from '../../../src/marketplace/providers/secret.ts';
import { migrations } from '../../../src/marketplace/store/sqlite/migrations.ts';
import { openSqliteStore } from '../../../src/marketplace/store/sqlite/sqlite.ts';
import { temporaryFolder } from '../support/files.ts';
import { listLiveKeyIds } from '../support/secrets.ts';

test('the newest secret stays beside a new one in a database from before secrets had an order', async () => {
  const path = join(await temporaryFolder(), 'ledger.db');
  const before = new Database(path);
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database: before }) });
  const { '0001-ledger': ledger } = migrations;
  const provider = { getMigrations: async () => ({ ...(ledger && { '0001-ledger': ledger }) }) };
  await new Migrator({ db, provider }).migrateToLatest();
  before.exec(
    `insert into providers values (1, 'pk_acme', 'Acme', '[]', 'unsigned', 0);
     insert into secrets values ('newer', 1, 's', 2000, null), ('older', 1, 's', 1000, null)`,
  );
  await db.destroy();

  const store = await openSqliteStore(path);
  onTestFinished(() => store.close());
  expect(await listLiveKeyIds(store)).toEqual(['older', 'newer']);
  const secret = createSecret(3_000);
  await store.addSecret('pk_acme', secret);
  expect(await listLiveKeyIds(store)).toEqual(['newer', secret.keyId]);
});
