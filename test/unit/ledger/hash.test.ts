import { createSecretKey } from 'node:crypto';
import { expect, test } from 'vitest';
import { digest, forgottenHash, toHex } from '../../../src/marketplace/ledger/hash.ts';

/** What databases hold of before: another hash would find nothing of it. */
test.each([
  ['digest', () => digest('abc'), 'ba7816bf8f01cfea414140de5dae2223'],
  [
    'forgottenHash',
    () => forgottenHash(createSecretKey(Buffer.alloc(32, 7)), 1, 'c-1'),
    'cf7ff76f34278c58a11b0787ae992efe1f1b4f4c0c25eec4beffbe98b24cb239',
  ],
])('%s stays what it is', (_name, hash, hex) => {
  expect(toHex(hash())).toBe(hex);
});

test('only the bytes of a view are written', () => {
  expect(toHex(Uint8Array.of(1, 2, 3, 4).subarray(1, 3))).toBe('0203');
});
