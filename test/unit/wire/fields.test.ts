import { expect, test } from 'vitest';
import {
  attributionWindowMs,
  earliestPurchaseMs,
  latestAheadMs,
  levels,
  trackingFields,
} from '../../../src/wire/fields.ts';
import { parseTime } from '../../../src/wire/time.ts';
import { trackingEncodingVectors } from '../../support/vectors.ts';

test('purchases are taken from the year 2000 to a day ahead', () => {
  expect(earliestPurchaseMs).toBe(parseTime('2000-01-01'));
  expect(latestAheadMs).toBe(24 * 60 * 60 * 1000);
});

test('a referral counts for 30 days', () => {
  expect(attributionWindowMs).toBe(30 * 24 * 60 * 60 * 1000);
});

test('levels rise from anyone to who holds the secret', () => {
  expect(levels).toEqual(['unsigned', 'origin', 'signed', 'server']);
});

test.each(trackingEncodingVectors)('$name: form and query carry the fields', ({ fields, query }) => {
  expect(new URLSearchParams(fields).toString()).toBe(query);
  expect(Object.fromEntries(new URLSearchParams(query))).toEqual(fields);
  expect(trackingFields).toEqual(expect.arrayContaining(Object.keys(fields)));
});
