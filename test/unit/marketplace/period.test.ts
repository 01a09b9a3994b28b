import { describe, expect, test } from 'vitest';
import { type PeriodQuery, readPeriod } from '../../../src/marketplace/views/figures/period.ts';

const now = Date.parse('2026-11-26T15:31:07.123Z');
const times = (query: PeriodQuery, zone: string, at = now) => {
  const { from, to, before } = readPeriod(query, zone, at).period;
  return [from, to, before.from, before.to].map((time) => new Date(time).toISOString().slice(0, 16));
};

describe('a period that goes on is compared with as much of the one before', () => {
  test.each<[string, string, string[]]>([
    ['today', 'UTC', ['2026-11-26T00:00', '2026-11-26T15:45', '2026-11-25T00:00', '2026-11-25T15:45']],
    [
      'today',
      'Asia/Kathmandu',
      ['2026-11-25T18:15', '2026-11-26T15:45', '2026-11-24T18:15', '2026-11-25T15:45'],
    ],
    ['7d', 'Europe/Berlin', ['2026-11-19T23:00', '2026-11-26T15:45', '2026-11-12T23:00', '2026-11-19T15:45']],
    // The clocks were put back between them: it is the time of day that is the same, not the distance.
    [
      '30d',
      'America/New_York',
      ['2026-10-28T04:00', '2026-11-26T15:45', '2026-09-28T04:00', '2026-10-27T14:45'],
    ],
  ])('%s in %s', (period, zone, expected) => {
    expect(times({ period }, zone)).toEqual(expected);
  });
});

test('a period that is over is compared with the same number of days', () => {
  const whole = ['2026-11-25T00:00', '2026-11-26T00:00', '2026-11-24T00:00', '2026-11-25T00:00'];
  expect(times({ period: 'yesterday' }, 'UTC')).toEqual(whole);
  expect(times({ from: '2026-11-25', to: '2026-11-25' }, 'UTC')).toEqual(whole);
});

test('days of 23 and 25 hours are days', () => {
  const spring = times({ from: '2026-03-29', to: '2026-03-29' }, 'Europe/Berlin');
  expect(spring).toEqual(['2026-03-28T23:00', '2026-03-29T22:00', '2026-03-27T23:00', '2026-03-28T23:00']);
  const autumn = times({ from: '2026-10-25', to: '2026-10-25' }, 'Europe/Berlin');
  expect(autumn).toEqual(['2026-10-24T22:00', '2026-10-25T23:00', '2026-10-23T22:00', '2026-10-24T22:00']);
});

test('own days end with the last one, or today where it is left out', () => {
  const { period } = readPeriod({ from: '2026-11-24' }, 'UTC', now);
  expect(period).toMatchObject({ name: undefined, first: '2026-11-24', last: '2026-11-26', days: 3 });
  expect(readPeriod({ to: '2026-11-24' }, 'UTC', now).period).toMatchObject({ first: '2026-11-24', days: 1 });
});

test('what cannot be read is said, and the usual period stands in', () => {
  for (const query of [
    { from: '24.11.2026' },
    { from: '2026-11-24', to: '2026-11-01' },
    { from: '1900-01-01' },
    { period: '<b>' },
  ]) {
    const { period, problem } = readPeriod(query, 'UTC', now);
    expect(problem).toBeTruthy();
    expect(period.name).toBe('30d');
  }
  expect(readPeriod({}, 'UTC', now).problem).toBeUndefined();
});
