import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { parse } from 'acorn';
import { expect, test } from 'vitest';

const script = readFileSync(resolve(import.meta.dirname, '../../dist/onramp.js'), 'utf8');

/** With the headers of its answer it fits into two of the network's usual packets, which carry 1,460 bytes each. */
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
