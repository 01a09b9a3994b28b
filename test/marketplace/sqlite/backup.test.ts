// The command copies a file; a PostgreSQL database is backed up with its own tools.
import { copyFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createCommandLine } from '../support/command.ts';
import { patience } from '../support/patience.ts';
import { bearer, purchase } from '../support/purchase.ts';

async function startAcme() {
  const line = await createCommandLine();
  return { line, secret: await line.addProvider() };
}

async function post(baseUrl: string, orderId: string): Promise<number> {
  const body = JSON.stringify({ ...purchase, orderId });
  return (await fetch(`${baseUrl}/api/SaasTrackings`, { method: 'POST', body })).status;
}

async function orderIds(baseUrl: string, secret: string): Promise<string[]> {
  const answer = await fetch(`${baseUrl}/api/SaasTrackings?limit=1000`, { headers: bearer(secret) });
  const { items } = (await answer.json()) as { items: { orderId: string }[] };
  return items.map(({ orderId }) => orderId).reverse();
}

test('a backup of a busy service, put in place of its database, has all that was acknowledged before it', async () => {
  const { line, secret } = await startAcme();
  const service = await line.serve();
  let sent = 0;
  let isOver = false;
  const load = (async () => {
    while (!isOver) expect(await post(service.baseUrl, String(sent++))).toBe(201);
  })();
  await expect.poll(() => sent, patience).toBeGreaterThan(50);
  const before = sent - 1;
  const copy = join(line.folder, 'copy.db');
  const { exitCode, stdout } = await line.run(['backup', copy, '--json']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringMatching(/^{.*}\n$/) });
  expect(JSON.parse(stdout)).toEqual({ file: copy, bytes: (await stat(copy)).size });
  expect((await stat(copy)).mode & 0o777).toBe(0o600);
  isOver = true;
  await load;
  await post(service.baseUrl, 'after the backup');
  await service.end('SIGTERM');

  for (const ending of ['', '-wal', '-shm']) await rm(line.database + ending, { force: true });
  await copyFile(copy, line.database);
  const restored = await line.serve();
  const found = await orderIds(restored.baseUrl, secret);
  expect(found.length).toBeGreaterThanOrEqual(before);
  expect(found).toEqual(Array.from(found, (_, order) => String(order)));
  expect(await post(restored.baseUrl, '0')).toBe(200);
  expect(await post(restored.baseUrl, 'a new one')).toBe(201);
});

test('a file that is there is left alone, and so is a database that is not', async () => {
  const { line } = await startAcme();
  const copy = join(line.folder, 'copy.db');
  await writeFile(copy, 'precious');
  const { exitCode, stderr } = await line.run(['backup', copy]);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr: expect.stringContaining('it is there already. Give'),
  });
  expect((await stat(copy)).size).toBe('precious'.length);

  const unmade = await line.run(['backup', join(line.folder, 'unmade', 'copy.db')]);
  expect(unmade).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('Make it first') });

  const nowhere = join(line.folder, 'nowhere.db');
  const missing = await line.run(['backup', join(line.folder, 'other.db'), '--database', nowhere]);
  expect(missing).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('There is no database at') });
  expect(await readdir(line.folder)).not.toContain('other.db');
  expect(await readdir(line.folder)).not.toContain('nowhere.db');
});
