import { createHash } from 'node:crypto';
import { describe, expect } from 'vitest';
import { loadScript } from '../../src/marketplace/script.ts';
import { panelSource, scriptSource } from './support/files.ts';
import { test } from './support/test.ts';

const versionOf = (source: string) => createHash('sha256').update(source).digest('hex').slice(0, 12);
const version = versionOf(scriptSource);

describe.each([
  ['/onramp.js', scriptSource, 'public, max-age=3600, stale-while-revalidate=86400, stale-if-error=604800'],
  [`/onramp-${version}.js`, scriptSource, 'public, max-age=31536000, immutable'],
  ['/onramp_debug.js', panelSource, 'public, max-age=300, stale-if-error=86400'],
])('%s', (path, source, cacheControl) => {
  test.for<[string, string | null]>([
    ['br', 'br'],
    ['gzip, deflate, br;q=0', 'gzip'],
    ['identity', null],
  ])('for Accept-Encoding: %s', async ([accepted, encoding], { service }) => {
    const { status, headers, body } = await service.send(path, { headers: { 'accept-encoding': accepted } });
    expect([status, body]).toEqual([200, { text: source }]);
    expect(headers.get('content-encoding')).toBe(encoding);
    expect(headers.get('cache-control')).toBe(cacheControl);
    expect(headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(headers.get('vary')).toBe('Accept-Encoding');
  });

  test('is not sent again to who has it', async ({ service }) => {
    const etag = (await service.send(path)).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[^"]+"$/);
    const again = (tag: string) => service.send(path, { headers: { 'if-none-match': tag } });
    expect(await again(etag)).toMatchObject({ status: 304, body: { text: '' } });
    expect(await again(`"other", W/${etag}`)).toMatchObject({ status: 304 });
    expect(await again('"other"')).toMatchObject({ status: 200 });
  });
});

test('another version is not there', async ({ service }) => {
  expect(await service.send('/onramp-000000000000.js')).toMatchObject({ status: 404 });
});

test('a script that was not built is said so', async () => {
  await expect(loadScript('/nowhere/onramp.js')).rejects.toThrow('npm run build');
});
