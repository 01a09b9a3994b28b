import type { Clock } from '../../wire/time.ts';
import { minuteMs, type SharedBudgets, takeCells } from '../store/budgets.ts';

/** Names remembered at once, some 10 MB. Anyone can make up names, so the memory is bounded. */
const maxNames = 100_000;
/** So many are kept when room is made, so that it is made seldom. */
const keptNames = 90_000;

export interface Budget {
  /**
   * Takes one from what the name has left.
   *
   * @returns 0, or in how many seconds there is one again, from 1
   */
  take(name: string): number;
}

/**
 * A budget a name, of this process alone. No library: those at hand keep a timer a name, have their own clock, or no
 * bound.
 *
 * @param perMinute 0 for no limit
 */
export function createBudget(perMinute: number, clock: Clock): Budget {
  if (perMinute === 0) return { take: () => 0 };
  const fullAt = new Map<string, number>();

  /** Whoever has all of its budget needs no memory; where that isn't enough, the longest known are let off. */
  function makeRoom(now: number): void {
    for (const [name, time] of fullAt) if (time <= now) fullAt.delete(name);
    for (const name of fullAt.keys()) {
      if (fullAt.size <= keptNames) break;
      fullAt.delete(name);
    }
  }

  return {
    take(name) {
      const now = clock();
      const taken = takeCells({ fullAt: fullAt.get(name), now, perMinute, wanted: 1 });
      if (fullAt.size >= maxNames && !fullAt.has(name)) makeRoom(now);
      fullAt.set(name, taken.fullAt);
      return toSeconds(taken.waitMs);
    },
  };
}

/** As Retry-After says it: whole seconds, and none only for now. */
function toSeconds(waitMs: number): number {
  return waitMs > 0 ? Math.max(1, Math.ceil(waitMs / 1000)) : 0;
}

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
