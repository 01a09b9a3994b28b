import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { createSecret } from '../../../src/marketplace/providers/secret.ts';
import { openDatabase } from '../../../src/marketplace/store/open.ts';
import type { Store } from '../../../src/marketplace/store/store.ts';
import { createDatabase } from './database.ts';
import { temporaryFolder } from './files.ts';
import { patience } from './patience.ts';

const command = resolve(import.meta.dirname, '../../../src/marketplace/bin/onramp-marketplace.js');
/** Makes Node say that it is the version that the environment names. */
const pretendedNode = resolve(import.meta.dirname, 'pretendedNode.cjs');

export interface Finished {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/**
 * The real command line, in processes of their own, in a folder and on a database of their own. Under another
 * version of Node than there is, if one is named; each in a process group of its own if `ownGroup`. On an
 * `empty` database, as createDatabase makes it.
 */
export async function createCommandLine({ asNode = '', ownGroup = false, empty = false } = {}) {
  const folder = await temporaryFolder();
  const database = await createDatabase({ empty });

  function start(args: readonly string[], environment: Record<string, string> = {}): ChildProcess {
    const { HOST: _host, PORT: _port, ...inherited } = process.env;
    const pretence = asNode ? ['--require', pretendedNode] : [];
    const child = spawn(process.execPath, [...pretence, command, ...args], {
      cwd: folder,
      detached: ownGroup,
      env: { ...inherited, DATABASE_URL: database, PRETENDED_NODE: asNode, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    return child;
  }

  async function withStore<Result>(work: (store: Store) => Promise<Result>): Promise<Result> {
    const store = await openDatabase(database);
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  }

  return {
    folder,
    database,
    /** Does in this process what takes longer by commands, where they aren't what is tested. */
    withStore,
    /** Resolves to the provider's secret. */
    async addProvider(partnerKey = 'pk_acme'): Promise<string> {
      const secret = createSecret(Date.now());
      const settings = { origins: [], minimumLevel: 'unsigned', disabled: false } as const;
      await withStore((store) => store.addProvider({ partnerKey, name: partnerKey, ...settings }, secret));
      return secret.secret;
    },

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
      const child = start(['serve', '--port', '0', ...args]);
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
        process: child,
        /** Resolves to the part in parentheses of what it says. */
        async said(pattern: RegExp): Promise<string> {
          await expect.poll(() => said, patience).toMatch(pattern);
          return pattern.exec(said)?.[1] ?? '';
        },
        /** Signals the process, or its whole group as a terminal does; resolves to the exit code. */
        async end(signal: NodeJS.Signals): Promise<number | null> {
          if (ownGroup && child.pid) process.kill(-child.pid, signal);
          else child.kill(signal);
          const [exitCode] = await exited;
          return exitCode;
        },
      };
    },
  };
}
export type CommandLine = Awaited<ReturnType<typeof createCommandLine>>;
