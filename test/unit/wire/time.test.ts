import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatTime, parseTime } from '../../../src/wire/time.ts';
import { anyUnits } from '../../support/anyText.ts';

const taken: [string | number, string][] = [
  ['2017-03-01', '2017-03-01T00:00:00.000Z'],
  ['2017-03-01T10:00:00.000Z', '2017-03-01T10:00:00.000Z'],
  ['2017-03-01T10:00:00', '2017-03-01T10:00:00.000Z'],
  ['2017-03-01 10:00', '2017-03-01T10:00:00.000Z'],
  ['2017-03-01t10:00:00z', '2017-03-01T10:00:00.000Z'],
  ['2017-03-01T10:00:00.1Z', '2017-03-01T10:00:00.100Z'],
  ['2017-03-01T10:00:00,123456789Z', '2017-03-01T10:00:00.123Z'],
  ['2017-03-01T10:00:00+01:00', '2017-03-01T09:00:00.000Z'],
  ['2017-03-01T10:00:00-0530', '2017-03-01T15:30:00.000Z'],
  ['2017-03-01T00:30:00+01', '2017-02-28T23:30:00.000Z'],
  ['2026-11-20 04:03:25 +0000', '2026-11-20T04:03:25.000Z'],
  ['2026-11-20 04:03:25 -0800', '2026-11-20T12:03:25.000Z'],
  ['2026-11-20 04:03:25 UTC', '2026-11-20T04:03:25.000Z'],
  ['2026-11-20T04:03:25 Z', '2026-11-20T04:03:25.000Z'],
  ['2026-11-20T04:03:25 01:00', '2026-11-20T03:03:25.000Z'],
  ['2026-11-20T04:03:25.5 0100', '2026-11-20T03:03:25.500Z'],
  ['2026-11-20 04:03:25  0100', '2026-11-20T03:03:25.000Z'],
  ['2026-11-20 04:03 01:00', '2026-11-20T03:03:00.000Z'],
  ['2016-02-29', '2016-02-29T00:00:00.000Z'],
  [1488362400000, '2017-03-01T10:00:00.000Z'],
  ['1488362400000', '2017-03-01T10:00:00.000Z'],
  [1488362400000.9, '2017-03-01T10:00:00.000Z'],
  [-1, '1969-12-31T23:59:59.999Z'],
];

const refused: (string | number)[] = [
  '',
  ' ',
  'now',
  'March 7, 2017',
  '2017-03',
  '2017-3-1',
  '2017-02-29',
  '2017-02-30',
  '2017-13-01',
  '2017-00-10',
  '2017-03-00',
  '2017-25-10',
  // Date.UTC takes it for 1999.
  '0099-12-31',
  '2017-03-01T24:00:00',
  '2017-03-01T10:60:00',
  '2017-03-01T10:00:60',
  '2017-03-01T10',
  '2017-03-01T10:00:00.',
  '2017-03-01T10:00:00+24:00',
  '2017-03-01T10:00:00+01:60',
  '2017-03-01T10:00:00+01:',
  '2017-03-01Z',
  '2017-03-01 +01:00',
  '2017-03-01T10:00:00   01:00',
  '2017-03-01T10:00:00 01:0',
  '2017-03-01T10:00:00 CET',
  '2017-03-01T10:00:00Z\n',
  ' 2017-03-01',
  '01/03/2017',
  '1488362400000.5',
  '1e12',
  '99999999999999999',
  Number.NaN,
  Number.POSITIVE_INFINITY,
  8.64e15 + 1,
];

describe('parseTime', () => {
  test.each(taken)('takes %j as %s', (value, stored) => {
    expect(formatTime(parseTime(value) ?? Number.NaN)).toBe(stored);
  });

  test.each(refused)('refuses %j', (value) => {
    expect(parseTime(value)).toBeUndefined();
  });

  test('never throws, and what it takes can be written', () => {
    fc.assert(
      fc.property(fc.oneof(anyUnits, fc.double(), fc.integer()), (value) => {
        const timeMs = parseTime(value);
        if (timeMs !== undefined) expect(formatTime(timeMs)).toMatch(/Z$/);
      }),
    );
  });

  test('reads back what formatTime writes', () => {
    const fourDigitYears = { min: Date.UTC(100, 0), max: Date.UTC(9999, 11, 31) };
    fc.assert(
      fc.property(fc.integer(fourDigitYears), (timeMs) => {
        expect(parseTime(formatTime(timeMs))).toBe(timeMs);
      }),
    );
  });

  test('takes the same instant in every offset', () => {
    const minutes = fc.integer({ min: 0, max: 23 * 60 + 59 });
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }),
        minutes,
        (date, offset) => {
          const local = formatTime(date.getTime() + offset * 60_000).slice(0, -1);
          const hours = String(Math.floor(offset / 60)).padStart(2, '0');
          const rest = String(offset % 60).padStart(2, '0');
          expect(parseTime(`${local}+${hours}:${rest}`)).toBe(date.getTime());
        },
      ),
    );
  });
});
