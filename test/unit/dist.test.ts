import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { parse } from 'acorn';
import { expect, test } from 'vitest';

const script = readFileSync(resolve(import.meta.dirname, '../../dist/onramp.js'), 'utf8');

/** Dub's base and conversion scripts, the peer that comes closest in what it does, are 1,895. */
const maxBrotliBytes = 1600;

test(`dist/onramp.js is at most ${maxBrotliBytes} bytes, brotli`, () => {
  expect(brotliCompressSync(script).length).toBeLessThanOrEqual(maxBrotliBytes);
});

test('the README tells its size', () => {
  const readme = readFileSync(resolve(import.meta.dirname, '../../README.md'), 'utf8');
  const bytes = (count: number) => count.toLocaleString('en-US');
  expect(readme).toContain(
    `${bytes(script.length)} bytes, ${bytes(brotliCompressSync(script).length)} compressed with brotli`,
  );
});

test('dist/onramp.js is a script of ES2019, but for the import of the debug panel', () => {
  const withoutImport = script.replace(/\bimport\(/, 'load(');
  expect(() => parse(withoutImport, { ecmaVersion: 2019, sourceType: 'script' })).not.toThrow();
});
