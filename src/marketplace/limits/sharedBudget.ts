import type { Clock } from '../clock.ts';
import type { SharedBudgets } from '../store/budgets.ts';
import { toSeconds } from './budget.ts';
import { minuteMs } from './cellRate.ts';

/** What is drawn at once, so that the database is seldom asked: a hundredth of what a minute gives. */
const partOfMinute = 100;
/** How long an empty budget isn't asked again, in milliseconds, however many come. */
const refusedForMs = 100;

/** A budget a name that all instances take from, each a little in advance. */
export interface SharedBudget {
  /**
   * Takes one from what the name has left.
   *
   * @returns 0, or in how many seconds there is one again, from 1
   * @throws StoreUnavailableError when that can't be found out
   */
  take(name: string): Promise<number>;
}

interface Account {
  drawn: number;
  drawnAt: number;
  /** Until then there is none, for no instance. */
  emptyUntil: number;
  drawing: Promise<void> | undefined;
}

/**
 * @param kind tells its names from those of other budgets
 * @param perMinute 0 for no limit
 */
export function createSharedBudget(
  budgets: SharedBudgets,
  kind: string,
  perMinute: number,
  clock: Clock,
): SharedBudget {
  if (perMinute === 0) return { take: async () => 0 };
  const wanted = Math.max(1, Math.floor(perMinute / partOfMinute));
  // One a provider, and two for what belongs to none: they need no bound.
  const accounts = new Map<string, Account>();

  function accountOf(name: string): Account {
    const known = accounts.get(name);
    if (known) return known;
    const account: Account = { drawn: 0, drawnAt: 0, emptyUntil: 0, drawing: undefined };
    accounts.set(name, account);
    return account;
  }

  async function draw(name: string, account: Account): Promise<void> {
    const now = clock();
    const { granted, waitMs } = await budgets.take({ name: `${kind} ${name}`, perMinute, wanted, now });
    account.drawn = granted;
    account.drawnAt = now;
    account.emptyUntil = granted > 0 ? 0 : now + Math.max(waitMs, refusedForMs);
  }

  return {
    async take(name) {
      const account = accountOf(name);
      for (;;) {
        const now = clock();
        const waitMs = account.emptyUntil - now;
        // Where the clock was set back, nobody waits longer than a budget takes to fill.
        if (waitMs > 0 && waitMs <= minuteMs) return toSeconds(waitMs);
        if (account.drawn > 0 && now - account.drawnAt < minuteMs) {
          account.drawn--;
          return 0;
        }
        account.drawing ??= draw(name, account).finally(() => {
          account.drawing = undefined;
        });
        await account.drawing;
      }
    },
  };
}
