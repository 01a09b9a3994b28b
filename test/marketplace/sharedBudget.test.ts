import { describe, expect, test } from 'vitest';
import { createSharedBudget } from '../../src/marketplace/limits/budget.ts';
import { type BudgetRequest, type SharedBudgets, takeCells } from '../../src/marketplace/store/budgets.ts';
import { startMs } from './support/service.ts';

/** What instances share, in memory; remembers what it was asked. */
function createBudgets() {
  const fullAt = new Map<string, number>();
  const asked: BudgetRequest[] = [];
  const budgets: SharedBudgets = {
    take: async (request) => {
      asked.push(request);
      const taken = takeCells({ ...request, fullAt: fullAt.get(request.name) });
      fullAt.set(request.name, taken.fullAt);
      return taken;
    },
  };
  return { budgets, asked };
}

async function takeMany(count: number, take: (index: number) => Promise<number>): Promise<number> {
  const waits = await Promise.all(Array.from({ length: count }, (_, index) => take(index)));
  return waits.filter((wait) => wait === 0).length;
}

describe('a budget that instances share', () => {
  test('gives no more to all of them than to one', async () => {
    const time = { now: startMs };
    const { budgets } = createBudgets();
    const instances = [1, 2, 3].map(() => createSharedBudget(budgets, 'key', 250, () => time.now));
    const take = (index: number) => instances[index % 3]?.take('acme') ?? Promise.reject(new Error());
    // What was drawn ahead and not used: at most one of two for each of the others.
    expect(await takeMany(400, take)).toBeGreaterThanOrEqual(248);
    expect(await takeMany(400, take)).toBe(0);
    time.now += 60_000;
    const again = await takeMany(1_000, take);
    expect(again).toBeGreaterThanOrEqual(248);
    expect(again).toBeLessThanOrEqual(250);
  });

  test('is exact where it is small, and says when there is more', async () => {
    const time = { now: startMs };
    const { budgets } = createBudgets();
    const instances = [1, 2].map(() => createSharedBudget(budgets, 'key', 4, () => time.now));
    const take = (index: number) => instances[index % 2]?.take('acme') ?? Promise.reject(new Error());
    expect(await takeMany(20, take)).toBe(4);
    expect(await take(0)).toBe(15);
    time.now += 15_000;
    expect(await takeMany(20, take)).toBe(1);
  });

  test('is drawn from in parts of a hundredth, by one request for all who wait', async () => {
    const { budgets, asked } = createBudgets();
    const budget = createSharedBudget(budgets, 'key', 10_000, () => startMs);
    await takeMany(100, () => budget.take('acme'));
    expect(asked).toEqual([{ name: 'key acme', perMinute: 10_000, wanted: 100, now: startMs }]);
    await budget.take('acme');
    expect(asked).toHaveLength(2);
  });

  test('is not asked again at once when it is empty, however many come', async () => {
    const time = { now: startMs };
    const { budgets, asked } = createBudgets();
    const budget = createSharedBudget(budgets, 'key', 60_000, () => time.now);
    await takeMany(60_000, () => budget.take('acme'));
    const before = asked.length;
    await takeMany(1_000, () => budget.take('acme'));
    expect(asked.length - before).toBe(1);
    time.now += 100;
    await budget.take('acme');
    expect(asked.length - before).toBe(2);
  });

  test('gives nothing that was drawn more than a minute ago', async () => {
    const time = { now: startMs };
    const { budgets, asked } = createBudgets();
    const budget = createSharedBudget(budgets, 'key', 10_000, () => time.now);
    await budget.take('acme');
    time.now += 60_000;
    await budget.take('acme');
    expect(asked).toHaveLength(2);
  });

  test('is asked again after it could not be', async () => {
    let tries = 0;
    const budgets: SharedBudgets = {
      take: async () => {
        if (++tries === 1) throw new Error('away');
        return { granted: 1, waitMs: 0 };
      },
    };
    const budget = createSharedBudget(budgets, 'key', 10, () => startMs);
    await expect(budget.take('acme')).rejects.toThrow('away');
    expect(await budget.take('acme')).toBe(0);
  });

  test('without a limit nobody is asked', async () => {
    const { budgets, asked } = createBudgets();
    expect(await createSharedBudget(budgets, 'key', 0, () => startMs).take('acme')).toBe(0);
    expect(asked).toEqual([]);
  });
});
