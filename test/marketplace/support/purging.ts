import { onTestFinished } from 'vitest';
import { keepPurging, type PurgeParts } from '../../../src/marketplace/purge.ts';
import type { Service } from './service.ts';

/** Purges what is old, by the test's clock where no other time is given; returns what stops it. */
export function startPurging(
  { store, time }: Pick<Service, 'store' | 'time'>,
  parts: Partial<PurgeParts> = {},
): () => void {
  const log = { info: () => undefined, error: () => undefined };
  const stop = keepPurging({ store, knownTime: () => time.now, log, ...parts });
  onTestFinished(stop);
  return stop;
}
