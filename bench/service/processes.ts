import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { serviceCommand } from './checkout.ts';

const bareServer = resolve(import.meta.dirname, 'bare.ts');
const durableServer = resolve(import.meta.dirname, 'durable.ts');

/** Servers of one kind, each a process of its own at a port of its own. */
export interface Processes {
  ports: readonly number[];
  ids: readonly number[];
  stop(): Promise<void>;
}

export interface InstanceOptions {
  nodeOptions?: readonly string[];
  areLimited?: boolean;
}

export async function startBareServers(count: number): Promise<Processes> {
  return await startEach(count, [bareServer]);
}

/** The minimal durable server on the SQLite file, which nobody else has open. */
export async function startDurableServer(file: string): Promise<Processes> {
  return await startEach(1, [durableServer, file]);
}

/**
 * The service of the checkout as its command starts it, so many times on one ledger. It logs each answer, to
 * /dev/null. Limits by key are off unless they are asked for, since all the load has a few keys. Loopback has none by
 * address.
 */
export async function startInstances(
  checkout: string,
  count: number,
  database: string,
  { nodeOptions = [], areLimited = false }: InstanceOptions = {},
): Promise<Processes> {
  const limits = areLimited ? [] : ['--limit-key', '0', '--limit-provider', '0'];
  const settings = ['--port', '0', '--database', database, ...limits];
  return await startEach(count, [...nodeOptions, serviceCommand(checkout), 'serve', ...settings]);
}

async function startEach(count: number, args: readonly string[]): Promise<Processes> {
  const started: Started[] = [];
  const stop = async () => {
    await Promise.all(started.map((one) => one.stop()));
  };
  try {
    for (let index = 0; index < count; index++) started.push(await start(args));
  } catch (error) {
    await stop();
    throw error;
  }
  return { ports: started.map(({ port }) => port), ids: started.map(({ id }) => id), stop };
}

interface Started {
  port: number;
  id: number;
  stop(): Promise<void>;
}

/** Resolves when it listens; rejects with what it said when it ends before that. */
async function start(args: readonly string[]): Promise<Started> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  const port = await new Promise<number>((listening, failed) => {
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
      const found = /listens on http:\S+:(\d+)\s/.exec(said)?.[1];
      if (found) listening(Number(found));
    });
    child.on('error', failed);
    child.on('exit', () => failed(new Error(`a server ended before it listened:\n${said}`)));
  });
  return {
    port,
    id: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
