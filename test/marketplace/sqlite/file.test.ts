// The database is a file, and what there is to say about files.
import { copyFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createCommandLine } from '../support/command.ts';
import { purchase } from '../support/purchase.ts';
import { startService } from '../support/service.ts';

test('the file, which holds secrets, is for its owner only', async () => {
  const line = await createCommandLine({ empty: true });
  expect(await line.run('provider add Acme')).toMatchObject({ exitCode: 0 });
  expect((await stat(line.database)).mode & 0o777).toBe(0o600);
});

test('processes that open a new database in the same moment all find it in order', async () => {
  const line = await createCommandLine({ empty: true });
  const names = ['A', 'B', 'C', 'D'];
  const finished = await Promise.all(names.map((name) => line.runProcess(`provider add ${name} --json`)));
  expect(finished.map(({ stderr }) => stderr)).toEqual(['', '', '', '']);
  expect(await line.json('provider list')).toHaveLength(4);
});

test('an empty DATABASE_URL counts as none: the file is data/onramp.db', async () => {
  const line = await createCommandLine();
  expect(await line.runProcess('provider list', { DATABASE_URL: '' })).toMatchObject({ exitCode: 0 });
  expect((await stat(join(line.folder, 'data/onramp.db'))).isFile()).toBe(true);
});

test('a folder as database is explained', async () => {
  const line = await createCommandLine();
  const { exitCode, stderr } = await line.run('provider list --database /tmp');
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringMatching(/cannot be opened/) });
});

describe('a file that is no longer in its place', () => {
  const detail = expect.stringContaining('the file of its database was deleted or replaced');

  test.each<[string, (database: string) => Promise<void>]>([
    ['deleted', (database) => rm(database)],
    ['without its log', (database) => rm(`${database}-wal`)],
    [
      'replaced by a copy',
      async (database) => {
        await copyFile(database, `${database}.copy`);
        await rename(`${database}.copy`, database);
      },
    ],
  ])('%s takes no more, and says so', async (_name, remove) => {
    const service = await startService();
    await service.addProvider();
    expect(await service.post(purchase)).toMatchObject({ status: 201 });
    expect(await service.send('/readyz')).toMatchObject({ status: 200 });
    await remove(service.database);
    expect(await service.post({ ...purchase, orderId: 'another' })).toMatchObject({
      status: 503,
      body: { detail },
    });
    service.time.now += 1_000;
    expect(await service.send('/readyz')).toMatchObject({ status: 503, body: { detail } });
  });

  test('takes again when it is put back', async () => {
    const service = await startService();
    await service.addProvider();
    await rename(service.database, `${service.database}.away`);
    expect(await service.post(purchase)).toMatchObject({ status: 503 });
    await rename(`${service.database}.away`, service.database);
    expect((await service.post(purchase)).status).toBeLessThan(202);
    expect(await service.send('/readyz')).toMatchObject({ status: 200 });
  });
});
