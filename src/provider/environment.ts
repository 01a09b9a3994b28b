/** What a client takes from the world around it; tests put their own in its place. */
export interface Environment {
  /** Epoch milliseconds. */
  now: () => number;
  /** From 0 to less than 1. */
  random: () => number;
  /** A new id, never the same twice. */
  createId: () => string;
  /** Resolves after that many milliseconds; rejects with the signal's reason as soon as it is aborted. */
  sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
}

export const realEnvironment: Environment = {
  now: () => Date.now(),
  random: () => Math.random(),
  createId: () => crypto.randomUUID(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      };
      const abort = () => {
        end();
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        end();
        resolve();
      }, ms);
      if (signal?.aborted) abort();
      else signal?.addEventListener('abort', abort);
    }),
};
