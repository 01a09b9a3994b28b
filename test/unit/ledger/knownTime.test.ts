import { describe, expect, test } from 'vitest';
import { createKnownTime, warnOfClockBehind } from '../../../src/marketplace/ledger/knownTime.ts';
import { dayMs } from '../../../src/wire/fields.ts';

const startMs = Date.UTC(2017, 2, 1, 10);

/** Known time a second after the start, by a stopwatch that was not at 0 then. */
function afterASecond(clockMs: number, ledgerTime: number | undefined) {
  let stoppedMs = 500.25;
  let now = startMs;
  const known = createKnownTime({ clock: () => now, stopwatch: () => stoppedMs, ledgerTime });
  stoppedMs += 1000.5;
  now = clockMs;
  return { earliest: known.earliest() - startMs, latest: known.latest() - startMs };
}

describe('a second after the start it is between', () => {
  test.each([
    ['the clock and the ledger, where that is older', startMs + 1000, startMs - 5000, -4000, 1000],
    ['the clock and the ledger, where the clock is behind', startMs + 1000, startMs + 5000, 1000, 6000],
    ['the clock and what has passed, where the ledger was empty', startMs + 9000, undefined, 1000, 9000],
    ['the same, where the clock was set back', startMs - 9000, undefined, -9000, 1000],
  ])('%s', (_name, clockMs, ledgerTime, earliest, latest) => {
    expect(afterASecond(clockMs, ledgerTime)).toEqual({ earliest, latest });
  });
});

const said = 'the clock is behind what the ledger has: one of them is wrong';
test.each([
  ['nothing', undefined, []],
  ['what is older', startMs - 1, []],
  ['what is a day ahead', startMs + dayMs, []],
  ['what is further ahead', startMs + dayMs + 1, [[{ newest: '2017-03-02T10:00:00.001Z' }, said]]],
])('beside %s in the ledger the operator is told of the clock: %2$j', (_name, ledgerTime, warnings) => {
  const told: unknown[] = [];
  const log = { warn: (...words: [object, string]) => told.push(words) };
  warnOfClockBehind(log, { clock: () => startMs, ledgerTime });
  expect(told).toEqual(warnings);
});
