// The database is a file, and what there is to say about files.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createCommandLine } from '../support/command.ts';

test('the file, which holds secrets, is for its owner only', async () => {
  const line = await createCommandLine({ empty: true });
  expect(await line.run('provider add Acme')).toMatchObject({ exitCode: 0 });
  expect((await stat(line.database)).mode & 0o777).toBe(0o600);
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
