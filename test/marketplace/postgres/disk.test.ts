import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startPostgres } from '../../support/postgres.ts';
import { queryPostgres } from '../../support/postgresDatabases.ts';
import { addAcme, serveAt, storedOrderIds, unavailable } from '../support/faults.ts';
import { patience } from '../support/patience.ts';
import { smallDisk } from '../support/smallDisk.ts';

vi.setConfig({ testTimeout: 90_000 });

/** The log gets a new segment of 16 MiB before the disk is filled, so that it is tables that find no room. */
const settings = { fsync: 'off', min_wal_size: '32MB', max_wal_size: '32MB' };

test('a full disk of the server is told, loses nothing that was acknowledged, and is over when there is room', async ({
  skip,
}) => {
  const disk = await smallDisk(160);
  if (!disk) return skip('this user may not mount a file system');
  const postgres = await startPostgres({ settings, parent: disk });
  onTestFinished(() => postgres.remove());
  const database = await postgres.createDatabase();
  await addAcme(database);
  const service = await serveAt(database);
  await queryPostgres(database, 'select pg_switch_wal()');
  const fields = { referral: 'r'.repeat(300) };
  let answer = await service.post('0', fields);

  const { bavail, bsize } = await statfs(disk);
  const filler = join(disk, 'filler');
  await writeFile(filler, Buffer.alloc(bavail * bsize - 256 * 1024));
  const acknowledged: string[] = [];
  for (let order = 1; answer.status === 201; order++) {
    acknowledged.push(String(order - 1));
    answer = await service.post(String(order), fields);
  }
  expect(answer).toMatchObject(unavailable('the disk of its database is full'));
  expect((await service.liveness()).status).toBe(200);

  await rm(filler);
  const refused = String(acknowledged.length);
  await expect.poll(async () => (await service.post(refused, fields)).status, patience).toBe(201);
  await expect.poll(service.readiness, patience).toMatchObject({ status: 200 });
  expect((await storedOrderIds(database)).sort()).toEqual([...acknowledged, refused].sort());
});
