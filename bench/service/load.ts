import { askOpenLoopClient } from './openLoop.ts';
import type { Load } from './plan.ts';
import { askWrk } from './wrk.ts';

export interface Target {
  ports: readonly number[];
  /** Whose purchases are sent, in turns: so many providers', from the first. */
  providers: number;
  /** The status that every answer must have. */
  expected: number;
}

/** What a load generator counted. */
export interface Counted {
  answers: number;
  /** From the first request to the last answer. */
  seconds: number;
  p50Ms: number;
  p99Ms: number;
  /** Answers with another status, and one of these. */
  unexpected: number;
  unexpectedStatus: number;
  /** Requests without an answer. */
  failed: number;
}

export interface Answered {
  /** What the order ids of its purchases begin with. */
  run: string;
  answers: number;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
}

let runs = 0;

/**
 * Puts the load on the servers, shared evenly among them.
 *
 * @throws Error when an answer is any other than the expected one, or is missing
 */
export async function putLoad(target: Target, load: Load, seconds: number): Promise<Answered> {
  const run = `${Date.now().toString(36)}${(++runs).toString(36).padStart(3, '0')}-`;
  const counted =
    'perSecond' in load
      ? await askOpenLoopClient(target, load, seconds, run)
      : await askWrk(target, load, seconds, run);
  const { answers, p50Ms, p99Ms, unexpected, unexpectedStatus, failed } = counted;
  if (answers === 0) throw new Error('no request was answered');
  if (unexpected + failed > 0) {
    const status = unexpected ? ` (${unexpected} had another status, such as ${unexpectedStatus})` : '';
    throw new Error(`Not every request was answered with ${target.expected}${status}; ${failed} failed.`);
  }
  return { run, answers, perSecond: answers / counted.seconds, p50Ms, p99Ms };
}
