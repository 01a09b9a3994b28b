import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../../tools/browser.mjs';
import { installFromDebian } from '../../tools/debian.mjs';
import { run, SetupError } from '../../tools/progress.mjs';
import type { Counted, Target } from './load.ts';
import { keyStart, requestFormat } from './message.ts';
import type { ClosedLoop } from './plan.ts';

const script = resolve(import.meta.dirname, 'load.lua');

/** Sees to it that there is the load generator: the one that is there, or else Debian's. */
export async function installWrk(report: (doing: string) => void): Promise<string> {
  const output = findProgram('wrk') ? '' : await installFromDebian(['wrk'], report);
  return `wrk ${/wrk \S*?([\d.]+)/.exec((await run(findWrk(output), ['-v'])).output)?.[1] ?? ''}`.trim();
}

function findWrk(output = ''): string {
  const path = findProgram('wrk');
  if (path) return path;
  const advice = 'Install it with your package manager (Debian: wrk), or set WRK_PATH to its path.';
  throw new SetupError(`${output}wrk, which makes the load, wasn't found. ${advice}`);
}

/** Has wrk put the load on the servers, with a thread for each. */
export async function askWrk(
  { ports, providers, expected }: Target,
  { way, connections }: ClosedLoop,
  seconds: number,
  run: string,
): Promise<Counted> {
  const env = {
    ...process.env,
    PORTS: ports.join(','),
    KEY: keyStart,
    PROVIDERS: String(providers),
    // So that also many short loads come to all of them.
    FIRST: String(randomInt(providers)),
    FORMAT: requestFormat(way, run),
    RUN: run,
    EXPECTED: String(expected),
  };
  const counts = [`-t${ports.length}`, `-c${connections}`, `-d${seconds}s`, '--timeout', '10s'];
  const args = [...counts, '-s', script, `http://127.0.0.1:${ports[0]}/`];
  const { stdout } = await promisify(execFile)(findWrk(), args, { env });
  const line = /^\{.*\}$/m.exec(stdout)?.[0];
  if (!line) throw new Error(`wrk measured nothing:\n${stdout}`);
  return JSON.parse(line);
}
