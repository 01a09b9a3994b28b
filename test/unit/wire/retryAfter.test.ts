import { expect, test } from 'vitest';
import { retryAfterMs } from '../../../src/wire/retryAfter.ts';

const now = Date.parse('2017-03-01T10:00:00Z');

test.each<[string | null, number | undefined]>([
  ['0', 0],
  ['7', 7_000],
  ['120', 120_000],
  [' 120 ', 120_000],
  ['  7  ', 7_000],
  ['999999999', 999_999_999_000],
  ['Wed, 01 Mar 2017 10:00:05 GMT', 5_000],
  ['  Wed, 01 Mar 2017 10:00:05 GMT  ', 5_000],
  // The two obsolete forms: RFC 850, and one whose weekday has no comma.
  ['Wednesday, 01-Mar-17 10:00:05 GMT', 5_000],
  ['Wed 01 Mar 2017 10:00:05 GMT', 5_000],
  ['Wed, 01 Mar 2017 09:00:00 GMT', 0],
  [null, undefined],
  ['', undefined],
  ['soon', undefined],
  ['-1', undefined],
  ['1.5', undefined],
  ['7 s', undefined],
  ['in 7', undefined],
  ['1000000000', undefined],
  ['2017-03-01T10:00:05Z', undefined],
  ['01 Mar 2017 10:00:05 GMT', undefined],
  ['We, 01 Mar 2017 10:00:05 GMT', undefined],
  ['Wed, 01 Mar 2017 10:00:05 GMT (or so)', undefined],
  ['1 Wed, 01 Mar 2017 10:00:05 GMT', undefined],
  ['Wed, 01 Mar 2017 10:00:05 CET', undefined],
  ['Wed, 01 Mar 2017 25:00:05 GMT', undefined],
])('%j asks to wait %j ms', (header, waitMs) => {
  expect(retryAfterMs(header, now)).toBe(waitMs);
});
