// One process at a time writes a SQLite file, and has it locked meanwhile. PostgreSQL has no such lock.
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { patience } from '../support/patience.ts';
import { purchase } from '../support/purchase.ts';
import { startService } from '../support/service.ts';

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
    const waiting = async () => (await service.metrics.read()).text;
    await expect.poll(waiting, patience).toContain('onramp_queue_entries 1\n');
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

  test('the service is not ready, and says why, until it can write', async () => {
    const { service, other } = await startLocked();
    const locked = { status: 503, body: { detail: expect.stringContaining('another process has locked') } };
    expect(await service.send('/readyz')).toMatchObject(locked);
    expect(await service.post(purchase)).toMatchObject(locked);
    other.exec('commit');
    expect(await service.send('/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } });
  });
});
