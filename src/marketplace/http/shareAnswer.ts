import type { Clock } from '../clock.ts';

/**
 * Does the work once for all who ask at the same time, and, where it went well, for all who ask within that time
 * after it began. A failure is told to those who wait for it only.
 */
export function shareAnswer(work: () => Promise<void>, maxAgeMs: number, clock: Clock): () => Promise<void> {
  let answer: Promise<void> | undefined;
  let askedAt = 0;
  let isUnderWay = false;

  return () => {
    const now = clock();
    if (answer && (isUnderWay || Math.abs(now - askedAt) < maxAgeMs)) return answer;
    askedAt = now;
    isUnderWay = true;
    answer = work().finally(() => {
      isUnderWay = false;
    });
    answer.catch(() => {
      answer = undefined;
    });
    return answer;
  };
}
