import { expect, test } from 'vitest';
import { shareOut } from '../../../src/marketplace/store/trimRejections.ts';

const sharesOf = (counts: Record<string, number>) =>
  Object.fromEntries(shareOut(new Map(Object.entries(counts))));

/** So many providers, each with so many rejections. */
const providers = (count: number, each: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`provider:${index}`, each]));

test('each provider has room for ten thousand, and so have all unknown keys together', () => {
  const counts = { 'provider:a': 10_001, 'provider:b': 10_000, 'unknown-key': 20_000, unreadable: 1_001 };
  expect(sharesOf(counts)).toEqual({
    'provider:a': 10_000,
    'provider:b': 10_000,
    'unknown-key': 10_000,
    unreadable: 1_000,
  });
});

test('of more than there is room for, first what belongs to nobody goes, as far as is needed', () => {
  const counts = { ...providers(9, 10_000), 'unknown-key': 9_500, unreadable: 1_000 };
  expect(sharesOf(counts)).toEqual({ ...counts, unreadable: 500 });
  const more = { ...counts, 'provider:last': 800 };
  expect(sharesOf(more)).toEqual({ ...more, 'unknown-key': 9_200, unreadable: 0 });
});

test('then the providers that have most come down to what the next has, and who has few keeps all', () => {
  const counts = { ...providers(1_000, 95), flood: 10_000, second: 4_000 };
  expect(sharesOf(counts)).toEqual({ ...counts, flood: 2_500, second: 2_500 });
});

test('where all have as many, all lose as many', () => {
  expect(sharesOf(providers(11, 10_000))).toEqual(providers(11, 9_090));
});
