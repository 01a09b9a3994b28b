import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { parse } from 'acorn';
import { expect, test } from 'vitest';

const script = readFileSync(resolve(import.meta.dirname, '../../dist/onramp.js'), 'utf8');

/** All that a page pays for its purchases fits with its headers into three packets of the network's usual 1,460 bytes. */
const maxBrotliBytes = 2048;

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

test('dist/onramp.js is a script of ES2020', () => {
  expect(() => parse(script, { ecmaVersion: 2020, sourceType: 'script' })).not.toThrow();
});
