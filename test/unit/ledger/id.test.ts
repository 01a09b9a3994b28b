import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createIds, firstIdAt, fromBytes, isId, toBytes } from '../../../src/marketplace/ledger/id.ts';

/** RFC 9562, appendix A.6. */
const example = '017f22e2-79b0-7cc3-98c4-dc0c0c07398f';
const exampleMs = Date.parse('2022-02-22T14:22:22-05:00');

const timeOf = (id: string) => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

describe('an id', () => {
  test('has the time, the version and the variant where RFC 9562 puts them', () => {
    const id = createIds(() => exampleMs)();
    expect(id).toMatch(/^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(timeOf(example)).toBe(exampleMs);
  });

  test('is larger than all before it, whatever the clock does, and its time is near the clock', () => {
    const steps = fc.array(
      fc.tuple(fc.integer({ min: -5_000, max: 5_000 }), fc.integer({ min: 1, max: 9_000 })),
      {
        maxLength: 5,
      },
    );
    fc.assert(
      fc.property(steps, (moves) => {
        let now = exampleMs;
        let latest = now;
        const createId = createIds(() => now);
        let last = createId();
        for (const [step, count] of moves) {
          now += step;
          latest = Math.max(latest, now);
          for (let index = 0; index < count; index++) {
            const id = createId();
            if (id <= last) expect.fail(`${id} follows ${last}`);
            last = id;
          }
          // Some thousand a millisecond are more than any process makes.
          expect(timeOf(last) - latest).toBeLessThan(25);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('is no other, in whichever process and at the same moment', () => {
    const sources = Array.from({ length: 20 }, () => createIds(() => exampleMs));
    const ids = sources.flatMap((createId) => Array.from({ length: 2_000 }, createId));
    expect(new Set(ids).size).toBe(ids.length);
    // Each of the random bits is now set, now not.
    const halves = ids.map((id) => BigInt(`0x${id.slice(20).replace('-', '')}`));
    const all = (1n << 60n) - 1n;
    expect(halves.reduce((seen, half) => seen | half, 0n)).toBe(all);
    expect(halves.reduce((seen, half) => seen & half, all)).toBe(0n);
  });

  test('that is the first of its millisecond has room for two thousand more', () => {
    let now = exampleMs;
    const createId = createIds(() => now++);
    const counts = Array.from({ length: 500 }, () => Number.parseInt(createId().slice(15, 18), 16));
    expect(Math.max(...counts)).toBeLessThan(0x800);
    expect(new Set(counts).size).toBeGreaterThan(100);
  });
});

test('all counts of a millisecond are used before the next', () => {
  const createId = createIds(() => exampleMs);
  const ids = Array.from({ length: 5_000 }, createId);
  expect(ids.filter((id) => timeOf(id) === exampleMs).at(-1)).toContain('-7fff-');
  expect(ids.find((id) => timeOf(id) === exampleMs + 1)).toContain('-7000-');
});

test('bytes and text are the same id, in the same order', () => {
  expect(toBytes(example).toString('hex')).toBe(example.replaceAll('-', ''));
  fc.assert(
    fc.property(fc.uuid(), fc.uuid(), (one, other) => {
      expect(fromBytes(toBytes(one))).toBe(one);
      expect(toBytes(one.toUpperCase())).toEqual(toBytes(one));
      expect(Math.sign(Buffer.compare(toBytes(one), toBytes(other)))).toBe(
        one < other ? -1 : Number(one > other),
      );
    }),
  );
  const within = new Uint8Array(32);
  within.set(toBytes(example), 8);
  expect(fromBytes(within.subarray(8, 24))).toBe(example);
});

test.each([
  [example, true],
  [example.toUpperCase(), true],
  ['', false],
  [example.replaceAll('-', ''), false],
  [`${example}0`, false],
  [` ${example}`, false],
  [example.replace('c', 'g'), false],
])('isId(%j) is %j', (text, expected) => expect(isId(text)).toBe(expected));

test('the first id of a time is smaller than all of that time, and larger than all before it', () => {
  expect(firstIdAt(exampleMs)).toBe('017f22e2-79b0-0000-0000-000000000000');
  expect(createIds(() => exampleMs)() > firstIdAt(exampleMs)).toBe(true);
  expect(createIds(() => exampleMs - 1)() < firstIdAt(exampleMs)).toBe(true);
  expect(firstIdAt(-1)).toBe('00000000-0000-0000-0000-000000000000');
});
