import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Outcome } from '../../src/marketplace/store/database.ts';
import { NoAnswerError, StoreUnavailableError } from '../../src/marketplace/store/errors.ts';
import type { Entry } from '../../src/marketplace/store/ledger.ts';
import { createLedgerWriter, maxBatch } from '../../src/marketplace/store/writer.ts';
import { patience } from './support/patience.ts';
import { purchase } from './support/purchase.ts';
import { startService } from './support/service.ts';

const click = (id: string): Entry => ({
  kind: 'click',
  id,
  providerId: 1,
  listing: 'x',
  referral: id,
  clickedAt: 0,
  isBot: false,
});
const stored = (entries: readonly Entry[]): Outcome[] => entries.map(({ id }) => ({ result: 'created', id }));

/** A writer whose first batch is under way until it is ended. */
function createHeldWriter() {
  const batches: string[][] = [];
  const first = Promise.withResolvers<void>();
  const writer = createLedgerWriter({
    write: async (entries) => {
      batches.push(entries.map(({ id }) => id));
      if (batches.length === 1) await first.promise;
      return stored(entries);
    },
  });
  return { writer, batches, endFirst: first.resolve };
}

describe('the ledger writer', () => {
  test('commits together what arrives in one turn, and goes on with what came meanwhile', async () => {
    const { writer, batches, endFirst } = createHeldWriter();
    const answers = [writer.write(click('1')), writer.write(click('2'))];
    await expect.poll(() => batches, patience).toHaveLength(1);
    answers.push(writer.write(click('3')), writer.write(click('4')));
    endFirst();
    expect(await Promise.all(answers)).toEqual(stored([click('1'), click('2'), click('3'), click('4')]));
    expect(batches).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
  });

  test('no commit has more entries than its locks find room for', async () => {
    const sizes: number[] = [];
    const writer = createLedgerWriter({
      write: async (entries) => {
        sizes.push(entries.length);
        return stored(entries);
      },
    });
    await Promise.all(Array.from({ length: maxBatch + 1 }, (_, index) => writer.write(click(String(index)))));
    expect(sizes).toEqual([maxBatch, 1]);
  });

  test('an entry that cannot be written fails alone', async () => {
    const writer = createLedgerWriter({
      write: async (entries) => {
        if (entries.some(({ id }) => id === 'poisoned')) throw new Error('constraint');
        return stored(entries);
      },
    });
    const answers = await Promise.allSettled(['1', 'poisoned', '2'].map((id) => writer.write(click(id))));
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  test('a database that is away fails all, and is asked again for the next', async () => {
    let tries = 0;
    const writer = createLedgerWriter({
      write: async (entries) => {
        tries++;
        if (tries === 1) throw new StoreUnavailableError('locked');
        return stored(entries);
      },
    });
    const answers = await Promise.allSettled([writer.write(click('1')), writer.write(click('2'))]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(tries).toBe(1);
    expect(await writer.write(click('3'))).toMatchObject({ result: 'created' });
  });

  test('where no answer comes nobody waits behind, nor for what is left of a batch that is written one by one', async () => {
    const tried: string[][] = [];
    const silent = Promise.withResolvers<void>();
    const writer = createLedgerWriter({
      write: async (entries) => {
        tried.push(entries.map(({ id }) => id));
        if (tried.length === 1) throw new Error('constraint');
        await silent.promise;
        throw new NoAnswerError('silent');
      },
    });
    const answers = [writer.write(click('1')), writer.write(click('2'))];
    await expect.poll(() => tried, patience).toHaveLength(2);
    answers.push(writer.write(click('3')));
    silent.resolve();
    const reasons = (await Promise.allSettled(answers)).map((answer) => 'reason' in answer && answer.reason);
    expect(reasons).toEqual(Array(3).fill(expect.any(NoAnswerError)));
    expect(tried).toEqual([['1', '2'], ['1']]);
    expect(writer.unanswered).toBe(0);
  });

  test('whatever a batch waits for, its answer comes in time, and the next one is tried', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    let batches = 0;
    const writer = createLedgerWriter({
      write: (entries) => (++batches === 1 ? new Promise(() => undefined) : Promise.resolve(stored(entries))),
    });
    const waiting = expect(writer.write(click('1'))).rejects.toThrow(NoAnswerError);
    await vi.waitUntil(() => batches === 1);
    vi.advanceTimersByTime(7_000);
    await waiting;
    expect(await writer.write(click('1'))).toEqual({ result: 'created', id: '1' });
    expect(writer.unanswered).toBe(0);
  });

  test('who has waited for long before ends no batch for the others, and what comes too late is not written', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const { writer, batches, endFirst } = createHeldWriter();
    const now = performance.now();
    const underWay = [writer.write(click('1'), now + 1_000), writer.write(click('2'))];
    await vi.waitUntil(() => batches.length === 1);
    const late = expect(writer.write(click('3'), now + 2_000)).rejects.toThrow(NoAnswerError);
    const timely = writer.write(click('4'));
    vi.advanceTimersByTime(2_000);
    endFirst();
    expect(await Promise.all([...underWay, timely])).toEqual(stored([click('1'), click('2'), click('4')]));
    await late;
    expect(batches).toEqual([['1', '2'], ['4']]);
    expect(writer.unanswered).toBe(0);
  });

  test('what waits behind a batch that the database refuses has a try of its own', async () => {
    const tried: string[][] = [];
    const refusal = Promise.withResolvers<void>();
    const writer = createLedgerWriter({
      write: async (entries) => {
        tried.push(entries.map(({ id }) => id));
        if (tried.length > 1) return stored(entries);
        await refusal.promise;
        throw new StoreUnavailableError('locked');
      },
    });
    const refused = writer.write(click('1'));
    await expect.poll(() => tried, patience).toHaveLength(1);
    const waits = writer.write(click('2'));
    refusal.resolve();
    await expect(refused).rejects.toThrow(StoreUnavailableError);
    expect(await waits).toMatchObject({ result: 'created' });
  });

  describe('of several places', () => {
    /** Providers of odd numbers are in a place that answers when it is told to. */
    function startTwoPlaces(options = {}) {
      const batches: string[][] = [];
      const odd = Promise.withResolvers<void>();
      const writer = createLedgerWriter(
        {
          write: async (entries) => {
            batches.push(entries.map(({ id }) => id));
            if (entries.some(({ providerId }) => providerId % 2 === 1)) await odd.promise;
            return stored(entries);
          },
        },
        { findPlace: async (providerId) => (providerId % 2 ? 'odd' : 'even'), ...options },
      );
      const write = (id: string, providerId: number) => writer.write({ ...click(id), providerId });
      return { batches, odd, writer, write };
    }

    test('each batch is of one, and who doesn’t answer keeps only its own waiting', async () => {
      const { batches, odd, write, writer } = startTwoPlaces({ batchesAtOnce: 2 });
      const waiting = ['1', '3'].map((id) => write(id, 1));
      await Promise.all([write('2', 2), write('4', 4)]);
      waiting.push(write('5', 3));
      await write('6', 2);
      // Both batches of the one place are under way.
      waiting.push(write('7', 1));
      await write('8', 2);
      expect(batches).toEqual([['1', '3'], ['2', '4'], ['5'], ['6'], ['8']]);
      expect(writer.unanswered).toBe(4);
      odd.resolve();
      await Promise.all(waiting);
      expect(batches.at(-1)).toEqual(['7']);
    });

    test('more than may wait for one is sent away, and the others’ is taken', async () => {
      const { odd, write } = startTwoPlaces({ maxWaiting: 1 });
      const waits = write('1', 1);
      await expect(write('3', 1)).rejects.toThrow(StoreUnavailableError);
      expect(await write('2', 2)).toMatchObject({ result: 'created' });
      odd.resolve();
      await waits;
    });

    test('where no answer comes from one, only those fail who wait for it, and it is known to be away until it answers', async () => {
      const { odd, write, writer, batches } = startTwoPlaces();
      const waiting = [write('1', 1)];
      await expect.poll(() => batches, patience).toHaveLength(1);
      waiting.push(write('3', 1));
      const even = write('2', 2);
      odd.reject(new NoAnswerError('silent'));
      const answers = await Promise.allSettled([...waiting, even]);
      expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
      expect(batches).toEqual([['1'], ['2']]);
      expect(writer.listPlaces()).toEqual([
        { place: 'odd', isAway: true },
        { place: 'even', isAway: false },
      ]);
    });
  });

  test('more than may wait is sent away at once', async () => {
    const writer = createLedgerWriter({ write: async (entries) => stored(entries) }, { maxWaiting: 1 });
    const waits = writer.write(click('1'));
    await expect(writer.write(click('2'))).rejects.toThrow(StoreUnavailableError);
    await waits;
    expect(await writer.write(click('3'))).toMatchObject({ result: 'created' });
  });
});

test('without the database the answer is 503, for what would be refused as well, and it recovers', async () => {
  let isAway = true;
  const service = await startService({
    wrapStore: (store) => ({
      ...store,
      write: (entries) =>
        isAway ? Promise.reject(new StoreUnavailableError('disk full')) : store.write(entries),
    }),
  });
  await service.addProvider();
  for (const fields of [purchase, { ...purchase, customerId: '' }]) {
    const answer = await service.post(fields);
    expect(answer).toMatchObject({ status: 503, body: { status: 503 } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    const picture = await service.picture(fields);
    expect(picture).toMatchObject({ status: 503, length: 0 });
    expect(Number(picture.headers.get('retry-after'))).toBeGreaterThan(0);
  }
  isAway = false;
  expect(await service.post(purchase)).toMatchObject({ status: 201 });
});

test('a full queue answers 503 at once, and empties by itself', async () => {
  const disk = Promise.withResolvers<void>();
  let commits = 0;
  const service = await startService({
    maxWaiting: 2,
    wrapStore: (store) => ({
      ...store,
      write: async (entries) => {
        commits++;
        await disk.promise;
        return await store.write(entries);
      },
    }),
  });
  await service.addProvider();
  const post = (orderId: string) => service.post({ ...purchase, orderId });
  const waiting = [post('1'), post('2')];
  const depth = async () => /^onramp_queue_entries (\d+)$/m.exec((await service.metrics.read()).text)?.[1];
  await expect.poll(depth, patience).toBe('2');
  const full = await post('3');
  expect(full).toMatchObject({ status: 503, body: { detail: expect.stringContaining('more is waiting') } });
  expect(full.headers.get('retry-after')).toBe('5');
  expect(await service.picture({ ...purchase, orderId: '3' })).toMatchObject({ status: 503, length: 0 });
  expect(commits).toBe(1);
  disk.resolve();
  for (const answer of await Promise.all(waiting)) expect(answer).toMatchObject({ status: 201 });
  expect(await post('3')).toMatchObject({ status: 201 });
  expect(await depth()).toBe('0');
});
