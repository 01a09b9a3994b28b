import { stat } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createIds } from '../../../src/marketplace/ledger/id.ts';
import { openDatabase } from '../../../src/marketplace/store/open.ts';
import { createDatabase } from '../support/database.ts';
import { patience } from '../support/patience.ts';

const createId = createIds(Date.now);

async function openLedger() {
  const database = await createDatabase();
  const store = await openDatabase(database);
  onTestFinished(() => store.close());
  /** Each in a commit of its own. */
  async function writeClicks(count: number) {
    for (let index = 0; index < count; index++) {
      const id = createId();
      await store.write([
        { kind: 'click', id, providerId: 1, listing: 'crm', referral: id, clickedAt: 0, isBot: false },
      ]);
    }
  }
  const sizeOf = async (suffix = '') => (await stat(database + suffix)).size;
  return { store, writeClicks, sizeOf };
}

test('a log that is still short is moved into the file by a thread once there is work', async () => {
  const { writeClicks, sizeOf } = await openLedger();
  const empty = await sizeOf();
  await writeClicks(99);
  expect(await sizeOf()).toBe(empty);
  await writeClicks(200);
  await expect.poll(() => sizeOf(), patience).toBeGreaterThan(empty);
});

test('what it has begun does not outlive the store, which leaves no log', async () => {
  const { store, writeClicks, sizeOf } = await openLedger();
  await writeClicks(200);
  await store.close();
  await expect(sizeOf('-wal')).rejects.toThrow('ENOENT');
});
