import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { freePort } from '../server/port.ts';
import { serviceCommand } from './checkout.ts';

const bareServer = resolve(import.meta.dirname, 'bare.ts');
const durableServer = resolve(import.meta.dirname, 'durable.ts');

/** Servers of one kind, each a process of its own at a port of its own. */
export interface Processes {
  ports: readonly number[];
  ids: readonly number[];
  stop(): Promise<void>;
}

export async function startBareServers(count: number): Promise<Processes> {
  return await startEach(count, (port) => [bareServer, `${port}`]);
}

/** The minimal durable server on the SQLite file, which nobody else has open. */
export async function startDurableServer(file: string): Promise<Processes> {
  return await startEach(1, (port) => [durableServer, `${port}`, file]);
}

/**
 * The service of the checkout as its command starts it, so many times on one ledger. It logs each answer, to
 * /dev/null; the limits by key are off, since all the load has a few keys. Loopback has none by address.
 */
export async function startInstances(
  checkout: string,
  count: number,
  database: string,
  nodeOptions: readonly string[] = [],
): Promise<Processes> {
  const limits = ['--limit-key', '0', '--limit-provider', '0'];
  return await startEach(count, (port) => [
    ...nodeOptions,
    serviceCommand(checkout),
    'serve',
    '--port',
    `${port}`,
    '--database',
    database,
    ...limits,
  ]);
}

async function startEach(count: number, argumentsAt: (port: number) => string[]): Promise<Processes> {
  const started: { port: number; id: number; stop(): Promise<void> }[] = [];
  const stop = async () => {
    await Promise.all(started.map((one) => one.stop()));
  };
  try {
    for (let index = 0; index < count; index++) {
      const port = await freePort();
      started.push({ port, ...(await start(argumentsAt(port))) });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { ports: started.map(({ port }) => port), ids: started.map(({ id }) => id), stop };
}

/** Resolves when it listens, to what ends it; rejects with what it said when it ends before that. */
async function start(args: string[]): Promise<{ id: number; stop(): Promise<void> }> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  await new Promise<void>((listening, failed) => {
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
      if (said.includes('listens on')) listening();
    });
    child.on('error', failed);
    child.on('exit', () => failed(new Error(`a server ended before it listened:\n${said}`)));
  });
  return {
    id: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
