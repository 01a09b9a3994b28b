import { version } from 'uuid';
import { expect, test } from 'vitest';
import { createIdSource } from '../../src/marketplace/idSource.ts';

const startMs = 1_772_359_200_000;

test('ids are UUIDv7 of their time', () => {
  const createId = createIdSource(() => startMs);
  const id = createId();
  expect(version(id)).toBe(7);
  expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(startMs);
});

test('each comes after the one before and is another, whatever the clock does', () => {
  let now = startMs;
  const createId = createIdSource(() => now);
  const ids = Array.from({ length: 2_000 }, (_, index) => {
    if (index % 300 === 0) now += index % 600 === 0 ? 5 : -3;
    return createId();
  });
  expect(ids).toEqual(ids.toSorted());
  expect(new Set(ids).size).toBe(2_000);
});

test('two instances make different ids in the same millisecond', () => {
  const clock = () => startMs;
  const [one, other] = [createIdSource(clock), createIdSource(clock)];
  const ids = Array.from({ length: 1_000 }, () => [one(), other()]).flat();
  expect(new Set(ids).size).toBe(2_000);
});
