import { expect, test } from 'vitest';
import { earliestPeriod, idempotencyKeptMs, isPeriod, periodAt } from '../../../src/wire/subscription.ts';

test('keys are remembered for a week, and periods begin with the year 2000', () => {
  expect(idempotencyKeptMs).toBe(7 * 24 * 60 * 60 * 1000);
  expect([earliestPeriod, isPeriod(earliestPeriod)]).toEqual(['2000-01', true]);
});

test.each([
  ['2017-02-28T23:59:59.999Z', '2017-02', '2017-03'],
  ['2017-03-01T00:00:00.000Z', '2017-03', '2017-04'],
  ['2017-01-31T12:00:00.000Z', '2017-01', '2017-02'],
  ['2017-12-31T23:59:59.999Z', '2017-12', '2018-01'],
])('%s lies in %s, before %s', (time, period, next) => {
  expect([periodAt(Date.parse(time)), periodAt(Date.parse(time), 1)]).toEqual([period, next]);
});

test.each([
  ['2017-03', true],
  ['2017-12', true],
  ['2017-00', false],
  ['2017-13', false],
  ['2017-3', false],
  ['17-03', false],
  ['in 2017-03', false],
  ['2017-03-01', false],
  ['', false],
])('%o is a period: %s', (text, expected) => {
  expect(isPeriod(text)).toBe(expected);
});
