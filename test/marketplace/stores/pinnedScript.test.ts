import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createCommandLine } from '../support/command.ts';
import { scriptSource } from '../support/files.ts';

const versionOf = (source: string) => createHash('sha256').update(source).digest('hex').slice(0, 12);

test('what a page has pinned lives on after an upgrade', async () => {
  const line = await createCommandLine();
  const first = await line.serve();
  await first.end('SIGTERM');
  const upgraded = '/* the next pixel */';
  const script = join(line.folder, 'next.js');
  await writeFile(script, upgraded);
  const { baseUrl } = await line.serve('--script', script);

  const get = async (path: string) => {
    const response = await fetch(baseUrl + path, { headers: { 'accept-encoding': 'br' } });
    return [response.status, response.headers.get('content-encoding'), await response.text()];
  };
  expect(await get('/onramp.js')).toEqual([200, 'br', upgraded]);
  expect(await get(`/onramp-${versionOf(upgraded)}.js`)).toEqual([200, 'br', upgraded]);
  for (const _time of ['from the database', 'from memory']) {
    expect(await get(`/onramp-${versionOf(scriptSource)}.js`)).toEqual([200, 'br', scriptSource]);
  }
});
