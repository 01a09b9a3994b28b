import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder, writeScript } from './files.ts';

const command = resolve(import.meta.dirname, '../../../src/marketplace/bin/onramp-marketplace.js');
/** Makes Node say that it is version 20, so that the command looks for a newer one. */
const oldNode = resolve(import.meta.dirname, 'oldNode.cjs');

export interface Finished {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** The real command line, in processes of their own, on a database of its own. */
export async function createCommandLine({ asOldNode = false } = {}) {
  const folder = await temporaryFolder();
  const database = join(folder, 'data', 'ledger.db');
  const script = await writeScript(folder);

  function start(args: readonly string[], environment: Record<string, string> = {}): ChildProcess {
    const { HOST: _host, PORT: _port, ...inherited } = process.env;
    const child = spawn(process.execPath, [...(asOldNode ? ['--require', oldNode] : []), command, ...args], {
      env: { ...inherited, DATABASE_URL: database, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    return child;
  }

  return {
    database,
    script,

    async run(args: readonly string[], environment?: Record<string, string>): Promise<Finished> {
      const child = start(args, environment);
      const finished: Finished = { exitCode: null, stdout: '', stderr: '' };
      child.stdout?.on('data', (chunk) => (finished.stdout += chunk));
      child.stderr?.on('data', (chunk) => (finished.stderr += chunk));
      [finished.exitCode] = await once(child, 'close');
      return finished;
    },

    /** Runs the service; resolves when it listens. */
    async serve(...args: string[]) {
      const child = start(['serve', '--port', '0', '--script', script, ...args]);
      child.stdout?.resume();
      const exited = once(child, 'exit');
      let said = '';
      const baseUrl = await new Promise<string>((found, failed) => {
        child.stderr?.on('data', (chunk) => {
          said += chunk;
          const url = /listens on (http:\S+)/.exec(said)?.[1];
          if (url) found(url);
        });
        child.on('exit', () => failed(new Error(`The service ended before it listened:\n${said}`)));
      });
      return {
        baseUrl,
        /** Resolves to the exit code. */
        async end(signal: NodeJS.Signals): Promise<number | null> {
          child.kill(signal);
          const [exitCode] = await exited;
          return exitCode;
        },
      };
    },
  };
}
export type CommandLine = Awaited<ReturnType<typeof createCommandLine>>;
