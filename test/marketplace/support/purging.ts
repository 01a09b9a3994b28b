import { onTestFinished } from 'vitest';
import { keepPurging, type PurgeParts } from '../../../src/marketplace/purge.ts';
import type { Service } from './service.ts';

/** Purges what is old by the test's clock, as though the ledger had been empty; returns what stops it. */
export function startPurging(
  { store, time }: Pick<Service, 'store' | 'time'>,
  parts: Partial<PurgeParts> = {},
): () => void {
  const nothing = () => undefined;
  const log = { info: nothing, warn: nothing, error: nothing };
  const clock = () => time.now;
  const stop = keepPurging({ store, clock, stopwatch: clock, ledgerTime: undefined, log, ...parts });
  onTestFinished(stop);
  return stop;
}
