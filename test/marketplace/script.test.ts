import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { loadScript } from '../../src/marketplace/script.ts';
import { panelSource, scriptSource } from './support/files.ts';
import { startService } from './support/service.ts';

const versionOf = (source: string) => createHash('sha256').update(source).digest('hex').slice(0, 12);
const version = versionOf(scriptSource);

describe.each([
  ['/onramp.js', scriptSource, 'public, max-age=3600, stale-while-revalidate=86400'],
  [`/onramp-${version}.js`, scriptSource, 'public, max-age=31536000, immutable'],
  ['/onramp_debug.js', panelSource, 'public, max-age=300'],
])('%s', (path, source, cacheControl) => {
  test.each([
    ['br', 'br'],
    ['gzip, deflate, br;q=0', 'gzip'],
    ['identity', null],
  ])('for Accept-Encoding: %s', async (accepted, encoding) => {
    const service = await startService();
    const { status, headers, body } = await service.send(path, { headers: { 'accept-encoding': accepted } });
    expect([status, body]).toEqual([200, { text: source }]);
    expect(headers.get('content-encoding')).toBe(encoding);
    expect(headers.get('cache-control')).toBe(cacheControl);
    expect(headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(headers.get('vary')).toBe('Accept-Encoding');
  });

  test('is not sent again to who has it', async () => {
    const service = await startService();
    const etag = (await service.send(path)).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[^"]+"$/);
    const again = (tag: string) => service.send(path, { headers: { 'if-none-match': tag } });
    expect(await again(etag)).toMatchObject({ status: 304, body: { text: '' } });
    expect(await again(`"other", W/${etag}`)).toMatchObject({ status: 304 });
    expect(await again('"other"')).toMatchObject({ status: 200 });
  });
});

test('another version is not there', async () => {
  const service = await startService();
  expect(await service.send('/onramp-000000000000.js')).toMatchObject({ status: 404 });
});

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
    expect(await get(`/onramp-${version}.js`)).toEqual([200, 'br', scriptSource]);
  }
});

test('a script that was not built is said so', async () => {
  await expect(loadScript('/nowhere/onramp.js')).rejects.toThrow('npm run build');
});
