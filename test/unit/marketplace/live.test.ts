import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLive } from '../../../src/marketplace/console/live.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function start(maxWatchers = 2) {
  const state = { pulse: 'a', reads: 0 };
  const live = createLive({
    readPulse: async () => {
      state.reads++;
      if (state.pulse === 'broken') throw new Error('no database');
      return state.pulse;
    },
    everyMs: 1_000,
    maxWatchers,
  });
  return { state, live };
}

function watcher() {
  return { onChange: vi.fn(), onEnd: vi.fn() };
}

test('reads once a second for all who watch, and not at all while nobody does', async () => {
  const { state, live } = start();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(state.reads).toBe(0);
  const ends = [live.watch(watcher()), live.watch(watcher())];
  await vi.advanceTimersByTimeAsync(3_000);
  expect(state.reads).toBe(4);
  for (const end of ends) end?.();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(state.reads).toBe(4);
});

test('tells each change once, and nothing while the database is away', async () => {
  const { state, live } = start();
  const one = watcher();
  live.watch(one);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(one.onChange).not.toHaveBeenCalled();
  for (const pulse of ['b', 'b', 'broken', 'b', 'c']) {
    state.pulse = pulse;
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(one.onChange).toHaveBeenCalledTimes(2);
});

test('takes no more than so many, and a place that was left again', () => {
  const { live } = start();
  const [first] = [live.watch(watcher()), live.watch(watcher())];
  expect(live.watch(watcher())).toBeUndefined();
  first?.();
  expect(live.watch(watcher())).toBeDefined();
});

test('ends all who watch', async () => {
  const { state, live } = start();
  const one = watcher();
  live.watch(one);
  live.close();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(one.onEnd).toHaveBeenCalledOnce();
  expect(state.reads).toBe(1);
});
