import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import { main } from '../../../src/marketplace/main.ts';
import { createSecret } from '../../../src/marketplace/providers/secret.ts';
import { openDatabase } from '../../../src/marketplace/store/open.ts';
import type { Store } from '../../../src/marketplace/store/store.ts';
import { bundledService } from '../../../tools/serviceBundle.ts';
import { createDatabase } from './database.ts';
import { type AtEnd, temporaryFolder } from './files.ts';
import { patience } from './patience.ts';

/** The program as it is installed, for what it does about old Nodes. */
const command = resolve(import.meta.dirname, '../../../src/marketplace/bin/onramp-marketplace.js');
/** Makes Node say that it is the version that the environment names. */
const pretendedNode = resolve(import.meta.dirname, 'pretendedNode.cjs');

/** As a list where one of them has a blank in it. */
type Arguments = string | readonly string[];
const listOf = (args: Arguments) => (typeof args === 'string' ? args.split(' ').filter(Boolean) : args);

export interface Finished {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/**
 * The command line on a database of its own, `empty` as createDatabase makes it, and with a folder. What is a process
 * runs in that folder, under another version of Node than there is, if one is named, and in a process group of its own
 * if `ownGroup`.
 */
export async function createCommandLine({
  asNode = '',
  ownGroup = false,
  empty = false,
  atEnd = onTestFinished as AtEnd,
} = {}) {
  const folder = await temporaryFolder(atEnd);
  const database = await createDatabase({ empty, atEnd });

  function start(args: readonly string[], environment: Record<string, string> = {}): ChildProcess {
    const { HOST: _host, PORT: _port, ...inherited } = process.env;
    const program = asNode ? ['--require', pretendedNode, command] : [bundledService];
    const child = spawn(process.execPath, [...program, ...args], {
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

  /** Runs it in this process, which takes a tenth of the time. */
  async function run(args: Arguments, environment: Record<string, string> = {}): Promise<Finished> {
    const finished: Finished = { exitCode: null, stdout: '', stderr: '' };
    const variables = { HOST: undefined, PORT: undefined, DATABASE_URL: database, ...environment };
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    try {
      finished.exitCode = await main(listOf(args), {
        out: (text) => (finished.stdout += text),
        error: (text) => (finished.stderr += text),
      });
    } finally {
      vi.unstubAllEnvs();
    }
    return finished;
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

    run,

    /** Runs it with --json, which has to go well; resolves to what its one line says. */
    async json(args: Arguments) {
      const { stdout, ...rest } = await run([...listOf(args), '--json']);
      expect(rest).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout).toMatch(/^.*\n$/);
      return JSON.parse(stdout);
    },

    /** Runs it as a process of its own. */
    async runProcess(args: Arguments, environment?: Record<string, string>): Promise<Finished> {
      const child = start(listOf(args), environment);
      const finished: Finished = { exitCode: null, stdout: '', stderr: '' };
      child.stdout?.on('data', (chunk) => (finished.stdout += chunk));
      child.stderr?.on('data', (chunk) => (finished.stderr += chunk));
      [finished.exitCode] = await once(child, 'close');
      return finished;
    },

    /** Runs it as a process of its own, that is ended before it is done. */
    begin(args: Arguments, environment?: Record<string, string>) {
      const child = start(listOf(args), environment);
      let said = '';
      child.stderr?.on('data', (chunk) => {
        said += chunk;
      });
      return {
        process: child,
        /** Resolves when it has said that. */
        said: (pattern: RegExp) => expect.poll(() => said, patience).toMatch(pattern),
      };
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
