import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Counted, Target } from './load.ts';
import type { OpenLoop } from './plan.ts';

const client = resolve(import.meta.dirname, 'openLoopClient.ts');

/** What the client is told, as JSON in its only argument. */
export interface OpenLoopOrder extends Target, OpenLoop {
  seconds: number;
  run: string;
}

/** Has a process of its own send the requests when they are due. */
export async function askOpenLoopClient(
  target: Target,
  load: OpenLoop,
  seconds: number,
  run: string,
): Promise<Counted> {
  const order: OpenLoopOrder = { ...target, ...load, seconds, run };
  const { stdout } = await promisify(execFile)(process.execPath, [client, JSON.stringify(order)]);
  return JSON.parse(stdout);
}
