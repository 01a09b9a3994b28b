import { setTimeout as wait } from 'node:timers/promises';

const patienceMs = 15_000;

/**
 * Resolves when what is waited for has come true; rejects with its name when that takes too long. It is asked for once more
 * after a question that took all the patience: WebKit may leave a script unanswered that is asked for as its page goes into
 * the back/forward cache, and gives it up after thirty seconds of the page's own clock, which some tests make quicker.
 */
export async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const startedAt = performance.now();
  let askedAt = startedAt;
  while (!(await isTrue())) {
    if (askedAt - startedAt > patienceMs) throw new Error(`waited in vain until ${what}`);
    await wait(20);
    askedAt = performance.now();
  }
}
