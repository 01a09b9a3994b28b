import { expect, test } from 'vitest';
import { parseCount } from '../../../src/marketplace/subscriptions/count.ts';

test.each<[string | number, string]>([
  [1000, '1000'],
  [1.25, '1.25'],
  [12.345, '12.345'],
  ['1000', '1000'],
  ['12.5', '12.5'],
  ['12,5', '12.5'],
  ['1,2500', '1.25'],
  ['0.125', '0.125'],
  ['0,125', '0.125'],
  ['1000.125', '1000.125'],
  ['1.0000', '1'],
  ['1.234.567', '1234567'],
  ['1,234,567', '1234567'],
  ['12,34,567', '1234567'],
  ['1,234.5', '1234.5'],
  ['1.234,567', '1234.567'],
  ['1.234.567,8', '1234567.8'],
  ['1 000', '1000'],
  ['1\u202f234\u00a0567,5', '1234567.5'],
  ['1’234.567', '1234.567'],
  ["1'000", '1000'],
])('a count %j is %s', (value, count) => {
  expect(parseCount(value)).toBe(count);
});

test.each<[string, string]>([
  ['1.000', '1.000 may mean 1000 or 1.000: send 1000 for the one, 1.0000 for the other'],
  ['1,000', '1,000 may mean 1000 or 1.000: send 1000 for the one, 1.0000 for the other'],
  ['123.456', '123.456 may mean 123456 or 123.456: send 123456 for the one, 123.4560 for the other'],
])('a count %j may mean two', (text, detail) => {
  expect(parseCount(text)).toMatchObject({ code: 'invalid', detail: expect.stringContaining(detail) });
});

test.each([
  -1,
  '-1',
  '',
  '1,00,00',
  '1.234.56',
  '1,234,5',
  '1 00',
  '12 345 6',
  '1,2.3,4',
  '.',
  ',5',
  '1e3',
  '1.000.',
])('%j is no count', (value) => {
  expect(parseCount(value)).toBeUndefined();
});
