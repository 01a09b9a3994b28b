import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnCommand } from './command.ts';

export interface Service {
  baseUrl: string;
  /** Whether it answers: from the end of its start until it is told to stop. */
  isRunning(): boolean;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface ServiceSettings {
  port: number;
  database: string;
  logFile: string;
}

const startTimeoutMs = 20_000;

/** The marketplace's service as a child process that can be stopped and started on the same database. */
export function createService({ port, database, logFile }: ServiceSettings): Service {
  const baseUrl = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  let hasStarted = false;
  let turn = Promise.resolve();

  async function start(): Promise<void> {
    if (child) return;
    const log = openSync(logFile, 'a');
    const words = ['serve', '--host', '127.0.0.1', '--port', String(port), '--database', database];
    const started = spawnCommand(words, { stdio: ['ignore', log, log] });
    closeSync(log);
    child = started;
    started.once('exit', () => {
      if (child !== started) return;
      child = undefined;
      hasStarted = false;
    });
    const deadline = Date.now() + startTimeoutMs;
    while (!(await answers(baseUrl))) {
      if (child !== started || Date.now() > deadline) {
        await stop();
        throw new Error(`The service did not start:\n${await readFile(logFile, 'utf8')}`);
      }
      await sleep(50);
    }
    hasStarted = true;
  }

  async function stop(): Promise<void> {
    const stopping = child;
    hasStarted = false;
    if (!stopping) return;
    const ended = once(stopping, 'exit');
    stopping.kill('SIGTERM');
    await ended;
  }

  /** One after the other, however fast somebody flips the switch. */
  function inTurn(step: () => Promise<void>): Promise<void> {
    const result = turn.then(step);
    turn = result.catch(() => undefined);
    return result;
  }

  return {
    baseUrl,
    isRunning: () => hasStarted,
    start: () => inTurn(start),
    stop: () => inTurn(stop),
  };
}

async function answers(baseUrl: string): Promise<boolean> {
  const response = await fetch(`${baseUrl}/onramp.js`).catch(() => undefined);
  await response?.body?.cancel();
  return response?.ok ?? false;
}
