import { setTimeout as wait } from 'node:timers/promises';

const patienceMs = 15_000;

/** Resolves when what is waited for has come true; rejects with its name when that takes too long. */
export async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const startedAt = performance.now();
  while (!(await isTrue())) {
    if (performance.now() - startedAt > patienceMs) throw new Error(`waited in vain until ${what}`);
    await wait(20);
  }
}
