import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { StoreUnavailableError } from '../../../src/marketplace/store/errors.ts';
import type { Store } from '../../../src/marketplace/store/store.ts';
import { scriptSource } from '../support/files.ts';
import { patience } from '../support/patience.ts';
import { startService } from '../support/service.ts';

const versionOf = (source: string) => createHash('sha256').update(source).digest('hex').slice(0, 12);

test('what a page has pinned lives on after an upgrade', async () => {
  const { database } = await startService();
  const upgraded = '/* the next pixel */';
  const service = await startService({ database, script: upgraded });

  const get = async (path: string) => {
    const answer = await service.send(path, { headers: { 'accept-encoding': 'br' } });
    return [answer.status, answer.headers.get('content-encoding'), answer.body.text];
  };
  expect(await get('/onramp.js')).toEqual([200, 'br', upgraded]);
  expect(await get(`/onramp-${versionOf(upgraded)}.js`)).toEqual([200, 'br', upgraded]);
  for (const _time of ['from the database', 'from memory']) {
    expect(await get(`/onramp-${versionOf(scriptSource)}.js`)).toEqual([200, 'br', scriptSource]);
  }
});

test('a service starts while nothing can be written, and keeps its script once it can', async () => {
  let isClosed = true;
  const service = await startService({
    wrapStore: (store: Store) => ({
      ...store,
      async keepScript(...script) {
        if (isClosed) throw new StoreUnavailableError(new Error('closed'));
        await store.keepScript(...script);
      },
    }),
  });
  const version = versionOf(scriptSource);
  expect(await service.send(`/onramp-${version}.js`)).toMatchObject({ status: 200 });
  expect(await service.store.findScript(version)).toBeUndefined();
  isClosed = false;
  await expect.poll(() => service.store.findScript(version), patience).toEqual(Buffer.from(scriptSource));
});
