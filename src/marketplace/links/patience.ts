import { NoAnswerError } from '../store/errors.ts';

/** @throws NoAnswerError where the work isn't done by then; it goes on all the same */
export async function unlessLate<Result>(work: Promise<Result>, waitMs: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const error = new NoAnswerError(new Error(`No answer came within ${Math.round(waitMs)} ms.`));
    timer = setTimeout(() => reject(error), waitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
