import type { Level } from '../../wire/fields.ts';
import type { Clock } from '../clock.ts';
import { HttpProblem } from '../http/problem.ts';
import type { SharedBudgets } from '../store/budgets.ts';
import { addressGroup } from './addressGroup.ts';
import { type Budget, createBudget } from './budget.ts';
import { createSharedBudget, type SharedBudget } from './sharedBudget.ts';

/** Requests a minute, all of which may come at once; 0 for no limit. */
export interface LimitSettings {
  /** Of one client address. */
  perAddress: number;
  /** Of one partner key, by senders who prove nothing: anyone who has seen the page. */
  perKey: number;
  /** Of one provider, by its signature or its secret. */
  perProvider: number;
}

/**
 * Far beyond what an honest sender needs, and below what the service can do: limits are there to keep it answering.
 * An address may be that of a whole company or a mobile network.
 */
export const defaultLimits: LimitSettings = { perAddress: 6_000, perKey: 300_000, perProvider: 300_000 };

export type LimitedBy = 'address' | 'key' | 'provider';

export interface Limits {
  /** @throws HttpProblem 429 when the address has sent too much */
  admitAddress(address: string): void;
  /**
   * Counts a message of a pool (a provider, or what belongs to none) by what it has proven, so that those who
   * prove nothing can't use up a provider's own budget.
   *
   * @throws HttpProblem 429 when there were too many; StoreUnavailableError when that can't be found out
   */
  admitMessage(pool: string, trust: Level): Promise<void>;
}

/**
 * Limits by address are this instance's alone; those by key and provider are shared with all instances, where there may
 * be others. `onLimited` is told of each request that is sent away.
 */
export function createLimits(
  settings: LimitSettings,
  shared: SharedBudgets | undefined,
  clock: Clock,
  onLimited: (by: LimitedBy) => void,
): Limits {
  const addresses = createBudget(settings.perAddress, clock);
  const keys = createMessageBudget('key', settings.perKey);
  const providers = createMessageBudget('provider', settings.perProvider);

  function createMessageBudget(kind: LimitedBy, perMinute: number): Budget | SharedBudget {
    return shared ? createSharedBudget(shared, kind, perMinute, clock) : createBudget(perMinute, clock);
  }

  function check(by: LimitedBy, waitSeconds: number): void {
    if (waitSeconds === 0) return;
    onLimited(by);
    const detail = `Too many requests ${details[by]}. Nothing was stored; send the same again in ${waitSeconds} s.`;
    throw new HttpProblem(
      { status: 429, code: 'rate_limited', detail },
      { 'retry-after': String(waitSeconds) },
    );
  }

  return {
    admitAddress(address) {
      const group = addressGroup(address);
      if (group !== undefined) check('address', addresses.take(group));
    },
    async admitMessage(pool, trust) {
      const isProven = trust === 'signed' || trust === 'server';
      check(isProven ? 'provider' : 'key', await (isProven ? providers : keys).take(pool));
    },
  };
}

export function isRateLimited(error: unknown): boolean {
  return error instanceof HttpProblem && error.problem.status === 429;
}

const details: Record<LimitedBy, string> = {
  address: 'from this address',
  key: 'with this partner key and without its secret or a signature',
  provider: 'of this provider',
};
