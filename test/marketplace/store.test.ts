import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createSecret } from '../../src/marketplace/providers/secret.ts';
import { migrations } from '../../src/marketplace/store/sqlite/migrations.ts';
import { openSqliteStore } from '../../src/marketplace/store/sqlite/sqlite.ts';
import type { Store } from '../../src/marketplace/store/store.ts';
import { temporaryFolder } from './support/files.ts';
import { purchase } from './support/purchase.ts';
import { startMs, startService } from './support/service.ts';

async function liveKeyIds(store: Store): Promise<string[]> {
  const provider = await store.findProvider('pk_acme');
  const live = provider?.secrets.filter(({ retiredAt }) => retiredAt === undefined) ?? [];
  return live.map(({ keyId }) => keyId);
}

describe('the newest secret stays beside a new one', () => {
  test('even where the clock was set back', async () => {
    const { store, addProvider } = await startService();
    await addProvider();
    const [second, third] = [createSecret(startMs - 2_000), createSecret(startMs - 1_000)];
    await store.addSecret('pk_acme', second);
    await store.addSecret('pk_acme', third);
    expect(await liveKeyIds(store)).toEqual([second.keyId, third.keyId]);
  });

  test('in a database from before secrets had an order', async () => {
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
    expect(await liveKeyIds(store)).toEqual(['older', 'newer']);
    const secret = createSecret(3_000);
    await store.addSecret('pk_acme', secret);
    expect(await liveKeyIds(store)).toEqual(['newer', secret.keyId]);
  });
});

describe('while another process holds the lock', () => {
  async function startLocked() {
    const service = await startService();
    await service.addProvider();
    const other = new Database(service.database);
    onTestFinished(() => void other.close());
    other.exec('begin immediate');
    return { service, other };
  }

  test('a purchase waits, the service does not, and it is stored once the lock is free', async () => {
    const { service, other } = await startLocked();
    const answer = service.post(purchase);
    await pause(500);
    expect(await service.send('/livez')).toMatchObject({ status: 200 });
    other.exec('commit');
    expect(await answer).toMatchObject({ status: 201 });
  });

  test('for long, the answer is 503', async () => {
    const { service, other } = await startLocked();
    expect(await service.post(purchase)).toMatchObject({ status: 503 });
    other.exec('commit');
    expect(await service.post(purchase)).toMatchObject({ status: 201 });
  });
});
