import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

/** A program that runs beside the tests. */
export interface Daemon {
  /** What it wrote first on its descriptor 3, or on its output. */
  firstLine: Promise<string>;
  /** Rejects when it ends before it is told to. */
  end(): Promise<void>;
}

export function startDaemon(command: string, args: string[], env = process.env): Daemon {
  const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  // Not left behind when the tests are broken off.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const firstLine = once(child.stdio[3] as Readable, 'data').then(([chunk]) => String(chunk));
  firstLine.catch(() => {});
  return {
    firstLine,
    async end() {
      process.off('exit', kill);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    },
  };
}
