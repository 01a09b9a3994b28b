import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addDays,
  countDays,
  dateAt,
  fromWallClock,
  isDate,
  isZone,
  startOfDate,
  toWallClock,
} from '../../../src/marketplace/figures/calendar.ts';

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Pacific/Apia',
];

describe('a day begins', () => {
  test.each([
    ['UTC', '2026-11-24', '2026-11-24T00:00:00.000Z'],
    ['Europe/Berlin', '2026-11-24', '2026-11-23T23:00:00.000Z'],
    ['Asia/Kolkata', '2026-11-24', '2026-11-23T18:30:00.000Z'],
    ['Asia/Kathmandu', '2026-11-24', '2026-11-23T18:15:00.000Z'],
    ['America/New_York', '2026-03-08', '2026-03-08T05:00:00.000Z'],
    ['America/New_York', '2026-03-09', '2026-03-09T04:00:00.000Z'],
    // Clocks are put forward at midnight, so the day begins at one o'clock.
    ['America/Santiago', '2026-09-06', '2026-09-06T04:00:00.000Z'],
    // The island left the 30th of December out.
    ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00.000Z'],
  ])('in %s on %s at %s', (zone, date, time) => {
    expect(new Date(startOfDate(date, zone)).toISOString()).toBe(time);
    expect(dateAt(startOfDate(date, zone), zone)).toBe(date);
  });
});

test('what clocks show twice is the first time, and what they skip is when they jump', () => {
  const at = (shown: string) => new Date(fromWallClock(Date.parse(shown), 'Europe/Berlin')).toISOString();
  expect(at('2026-10-25T02:30:00Z')).toBe('2026-10-25T00:30:00.000Z');
  expect(at('2026-03-29T02:30:00Z')).toBe('2026-03-29T01:00:00.000Z');
});

test('each moment lies in its day', () => {
  const earliest = Date.UTC(2000, 0, 1);
  const moments = fc.integer({ min: 0, max: Date.UTC(2040, 0, 1) - earliest }).map((ms) => earliest + ms);
  fc.assert(
    fc.property(moments, fc.constantFrom(...zones), (time, zone) => {
      const date = dateAt(time, zone);
      const start = startOfDate(date, zone);
      expect(start).toBeLessThanOrEqual(time);
      expect(startOfDate(addDays(date, 1), zone)).toBeGreaterThan(time);
      expect(dateAt(start - 1_000, zone)).not.toBe(date);
      expect(toWallClock(fromWallClock(toWallClock(time, zone), zone), zone)).toBe(toWallClock(time, zone));
    }),
  );
});

test('days are counted by the calendar', () => {
  expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
  expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
  expect(countDays('2026-03-28', '2026-03-30')).toBe(2);
  expect(['2026-02-29', '2026-2-1', '2026-11-24T00:00', ''].filter(isDate)).toEqual([]);
  expect(['Mars/Olympus', '', "'; drop"].filter(isZone)).toEqual([]);
});
