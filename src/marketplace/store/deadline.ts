import { NoAnswerError } from './errors.ts';

/**
 * The longest that an answer waits for the database, in milliseconds: as long as a server may take to be connected to and
 * to answer one statement. A message may need several, one after the other, and a batch tries of its own.
 */
const answerMs = 7_000;

/** By when what is asked now has to be answered, whatever it waits for; by the process's own clock, in milliseconds. */
export function answerDueMs(): number {
  return performance.now() + answerMs;
}

/** @throws NoAnswerError where the work isn't done by then, by the process's own clock; it goes on all the same */
export async function unlessLate<Result>(work: Promise<Result>, untilMs: number): Promise<Result> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new NoAnswerError(new Error('No answer in time.'))),
    Math.max(0, untilMs - performance.now()),
  );
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
