import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Commits after which a ledger is one that has work: a thread costs more than to move the log of fewer. */
const commitsBefore = 100;

/** Has the log of a SQLite file moved into the file beside whoever writes. */
export interface Checkpointer {
  /** To be called at each commit. */
  committed(): void;
  /** Resolves when the file is left alone. */
  stop(): Promise<void>;
}

/**
 * Moves the log in a thread of its own, once there is work: else the one commit that fills the log waits for all of it
 * to be moved, up to a tenth of a second, and everybody with it. Should the thread end, it is that way again.
 */
export function createCheckpointer(path: string): Checkpointer {
  let commits = 0;
  let thread: Worker | undefined;

  return {
    committed() {
      if (++commits !== commitsBefore) return;
      thread = new Worker(new URL('./checkpointThread.ts', import.meta.url), { workerData: path });
      thread.unref();
      thread.on('error', () => {
        thread = undefined;
      });
    },
    async stop() {
      const ending = thread;
      thread = undefined;
      if (!ending) return;
      const exited = once(ending, 'exit');
      ending.ref();
      ending.postMessage('end');
      await exited;
    },
  };
}
