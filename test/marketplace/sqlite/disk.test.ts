// How full the disk is can be seen by whoever has the file on it.
import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createCommandLine } from '../support/command.ts';
import { patience } from '../support/patience.ts';
import { bearer, purchase } from '../support/purchase.ts';
import { startService } from '../support/service.ts';
import { smallDisk } from '../support/smallDisk.ts';

test('to be ready is to have written', async () => {
  const service = await startService();
  const written = async () => (await stat(`${service.database}-wal`)).size;
  const before = await written();
  expect(await service.send('/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } });
  expect(await written()).toBeGreaterThan(before);
});

test('a full disk is told, loses nothing that was acknowledged, and is over when there is room', async ({
  skip,
}) => {
  const disk = await smallDisk(6);
  if (!disk) return skip('this user may not mount a file system');
  const line = await createCommandLine();
  const database = join(disk, 'ledger.db');
  const added = await line.run('provider add Acme --key pk_acme --json', {
    DATABASE_URL: database,
  });
  const { secret } = JSON.parse(added.stdout);
  const service = await line.serve('--database', database);
  const post = (orderId: string) =>
    fetch(`${service.baseUrl}/api/SaasTrackings`, {
      method: 'POST',
      body: JSON.stringify({ ...purchase, orderId, referral: 'r'.repeat(300) }),
    });

  const filler = join(disk, 'filler');
  await writeFile(filler, Buffer.alloc(2 * 1024 * 1024));
  const acknowledged: string[] = [];
  let answer = await post('0');
  for (let order = 1; answer.status === 201; order++) {
    acknowledged.push(String(order - 1));
    answer = await post(String(order));
  }
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('5');
  expect(await answer.json()).toMatchObject({
    detail: expect.stringContaining('disk of its database is full'),
  });
  expect((await fetch(`${service.baseUrl}/livez`)).status).toBe(200);
  const ready = await fetch(`${service.baseUrl}/readyz`);
  expect({ status: ready.status, text: await ready.text() }).toMatchObject({
    status: 503,
    text: expect.stringContaining('disk of its database is full'),
  });

  await rm(filler);
  const refused = String(acknowledged.length);
  await expect.poll(async () => (await post(refused)).status, patience).toBe(201);
  expect((await fetch(`${service.baseUrl}/readyz`)).status).toBe(200);
  const list = await fetch(`${service.baseUrl}/api/SaasTrackings?limit=1000`, { headers: bearer(secret) });
  const { items } = (await list.json()) as { items: { orderId: string }[] };
  const newest = [...acknowledged, refused].slice(-1000).reverse();
  expect(items.map(({ orderId }) => orderId)).toEqual(newest);
  expect(await service.end('SIGTERM')).toBe(0);
});
