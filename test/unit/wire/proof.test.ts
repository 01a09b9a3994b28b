import { expect, test } from 'vitest';
import { proofLength } from '../../../src/wire/proof.ts';

test.each([
  [0, 3],
  [1764547200000, 3],
  [1764547200001, 4],
  [1764547200999, 1002],
])('the proof of a message that ends in %i is %i long', (sentMs, length) => {
  expect(proofLength(sentMs)).toBe(length);
});
