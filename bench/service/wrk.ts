import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../../tools/browser.mjs';
import { installFromDebian } from '../../tools/debian.mjs';
import { run, SetupError } from '../../tools/progress.mjs';
import type { Load } from './plan.ts';

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

export interface Target {
  ports: readonly number[];
  /** The status that every answer must have. */
  expected: number;
  partnerKeys: readonly string[];
}

export interface Answered {
  /** What the order ids of its purchases begin with. */
  run: string;
  answers: number;
  perSecond: number;
  p99Ms: number;
}

let runs = 0;

/**
 * Puts the load on the servers, the connections shared evenly among them.
 *
 * @throws Error when an answer is any other than the expected one, or is missing
 */
export async function putLoad(
  target: Target,
  { way, connections }: Load,
  seconds: number,
): Promise<Answered> {
  const { ports, expected, partnerKeys } = target;
  const run = `${Date.now().toString(36)}${(++runs).toString(36).padStart(3, '0')}-`;
  const env = {
    ...process.env,
    PORTS: ports.join(','),
    KEYS: partnerKeys.join(','),
    WAY: way,
    RUN: run,
    EXPECTED: String(expected),
  };
  const counts = [`-t${ports.length}`, `-c${connections}`, `-d${seconds}s`, '--timeout', '10s'];
  const args = [...counts, '-s', script, `http://127.0.0.1:${ports[0]}/`];
  const { stdout } = await promisify(execFile)(findWrk(), args, { env });
  const found = JSON.parse(/^\{.*\}$/m.exec(stdout)?.[0] ?? 'null');
  if (!found || found.answers === 0) throw new Error(`wrk measured nothing:\n${stdout}`);
  if (found.unexpected + found.failed > 0) {
    const status = found.unexpected
      ? ` (${found.unexpected} had another status, such as ${found.unexpectedStatus})`
      : '';
    throw new Error(`Not every request was answered with ${expected}${status}:\n${stdout}`);
  }
  return { run, answers: found.answers, perSecond: found.answers / found.seconds, p99Ms: found.p99Ms };
}
