import type { FastifyBaseLogger } from 'fastify';
import type { Dispatcher } from './dispatcher.ts';

export interface TakingUp {
  /** Looks now and, until it is stopped, again and again. */
  start(): void;
  /** Looks at once. */
  wake(): void;
  /** Looks no more; resolves when no attempt is under way. */
  stop(): Promise<void>;
}

/** What looks for due orders again and again, and whenever it is woken; never twice at the same time. */
export function keepTakingUp(
  dispatcher: Dispatcher,
  { pollMs, log }: { pollMs: number; log: Pick<FastifyBaseLogger, 'error'> },
): TakingUp {
  let looking: Promise<void> | undefined;
  let lookAgain = false;
  let hasFailed = false;
  let timer: NodeJS.Timeout | undefined;

  function wake(): void {
    lookAgain = true;
    looking ??= look().finally(() => {
      looking = undefined;
    });
  }

  async function look(): Promise<void> {
    while (lookAgain) {
      lookAgain = false;
      try {
        await dispatcher.takeUp();
        hasFailed = false;
      } catch (error) {
        // Once, not at every look, for as long as the same trouble lasts.
        if (!hasFailed) log.error({ err: error }, 'orders cannot be taken up');
        hasFailed = true;
      }
    }
  }

  return {
    start() {
      timer = setInterval(wake, pollMs);
      timer.unref();
      wake();
    },
    wake,
    async stop() {
      clearInterval(timer);
      lookAgain = false;
      await looking;
      await dispatcher.idle();
    },
  };
}
