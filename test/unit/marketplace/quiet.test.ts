import { expect, test } from 'vitest';
import { findQuiet } from '../../../src/marketplace/console/quiet.ts';
import { sayDuration } from '../../../src/marketplace/pages/words.ts';

const hourMs = 3_600_000;
const now = Date.parse('2026-11-26T12:00:00Z');
const arrivals = (hoursAgo: readonly number[]) => [
  {
    partnerKey: 'pk_acme',
    providerName: 'Acme',
    event: 'purchase' as const,
    times: hoursAgo.map((hours) => now - hours * hourMs),
  },
];

test('who sends every few hours is quiet after days', () => {
  const [found] = findQuiet(arrivals([144, 149, 154, 160, 164, 169]), now);
  expect(found).toMatchObject({ partnerKey: 'pk_acme', event: 'purchase', usualMs: 5 * hourMs });
  expect([sayDuration(found?.silentMs ?? 0), sayDuration(found?.usualMs ?? 0)]).toEqual([
    '6 days',
    '5 hours',
  ]);
});

test('nobody is quiet who was as quiet before', () => {
  // As over a weekend, a week ago.
  expect(findQuiet(arrivals([60, 64, 68, 72, 130, 134]), now)).toEqual([]);
  expect(findQuiet(arrivals([1, 2, 3, 4, 5, 6]), now)).toEqual([]);
});

test('nobody knows what is usual of whoever has hardly begun', () => {
  expect(findQuiet(arrivals([400, 401, 402, 403]), now)).toEqual([]);
  expect(findQuiet(arrivals([]), now)).toEqual([]);
});

test('whoever left months ago is no news', () => {
  expect(findQuiet(arrivals([1_500, 1_501, 1_502, 1_503, 1_504]), now)).toEqual([]);
});

test('the longest silent comes first', () => {
  const found = findQuiet(
    [...arrivals([20, 21, 22, 23, 24]), ...arrivals([90, 91, 92, 93, 94]), ...arrivals([50, 51, 52, 53, 54])],
    now,
  );
  expect(found.map(({ silentMs }) => silentMs / hourMs)).toEqual([90, 50, 20]);
});

test.each([
  [1_000, '1 second'],
  [45_000, '45 seconds'],
  [60_000, '1 minute'],
  [90_000, '90 seconds'],
  [hourMs, '1 hour'],
  [1.5 * hourMs, '90 minutes'],
  [24 * hourMs, '1 day'],
  [36 * hourMs, '36 hours'],
  [140 * hourMs, '6 days'],
])('%d ms are %s', (ms, words) => {
  expect(sayDuration(ms)).toBe(words);
});
