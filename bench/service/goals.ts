import type { Way } from './plan.ts';
import { type Comparison, type EngineResults, type Figures, findMeasured } from './results.ts';

/** Requests a second on SQLite, as a share of what the minimal durable server answers. */
export const goalOfDurable = 0.75;
/** Requests a second with the largest ledger, as a share of those with the smallest. */
export const goalOfSmallest = 0.8;
/** Requests a second with many providers, as a share of those with few. */
export const goalOfFew = 0.85;
/** Of a page of figures of the largest ledger, in milliseconds. */
export const goalReadingMs = 100;
/** Processor time of the service on SQLite for one purchase, by its way in. */
const goalMicroseconds: Record<Way, number> = { post: 115, gif: 95 };
/** Of 99 of 100 answers, when so many purchases come in a second whether they are answered or not. */
const goalP99Ms = 10;
const steadyPerSecond = 1_000;

export interface Judged {
  what: string;
  /** With the unit. */
  goal: string;
  found: string;
  isReached: boolean;
}

/** The goals that were measured on this database, each with what was found. */
export function judgeGoals({ name, comparisons, many, growth }: EngineResults): Judged[] {
  const single = comparisons.filter(({ instances }) => instances === 1);
  return [
    ...(name === 'SQLite' ? single.flatMap(judgeCosts) : []),
    ...single.flatMap(judgeP99),
    ...judgeMany(many),
    ...judgeGrowth(growth),
  ];
}

function judgeCosts({ load, measured }: Comparison): Judged[] {
  const ours = findMeasured(measured, 'ours')?.figures;
  const durable = findMeasured(measured, 'durable');
  if (!('connections' in load) || !ours || !durable) return [];
  const way = load.way === 'post' ? 'POST' : 'GIF';
  const microseconds = goalMicroseconds[load.way];
  return [
    {
      what: `${way}, requests a second beside the minimal durable server`,
      goal: `at least ${goalOfDurable.toFixed(2)}`,
      found: durable.oursToIt.toFixed(2),
      isReached: durable.oursToIt >= goalOfDurable,
    },
    {
      what: `${way}, processor time of the service`,
      goal: `at most ${microseconds} µs`,
      found: `${Math.round(ours.serverMicroseconds)} µs`,
      isReached: ours.serverMicroseconds <= microseconds,
    },
  ];
}

function judgeP99({ load, measured }: Comparison): Judged[] {
  const ours: Figures | undefined = findMeasured(measured, 'ours')?.figures;
  if (!('perSecond' in load) || load.perSecond !== steadyPerSecond || !ours) return [];
  return [
    {
      what: `p99 at ${steadyPerSecond.toLocaleString('en-US')} a second, open loop`,
      goal: `under ${goalP99Ms} ms`,
      found: `${ours.p99Ms.toFixed(1)} ms`,
      isReached: ours.p99Ms < goalP99Ms,
    },
  ];
}

function judgeMany({ measured, toFew }: EngineResults['many']): Judged[] {
  const most = measured.at(-1);
  if (!most) return [];
  return [
    {
      what: `requests a second left with ${most.providers.toLocaleString('en-US')} providers`,
      goal: `at least ${goalOfFew * 100} %`,
      found: `${Math.round(toFew * 100)} %`,
      isReached: toFew >= goalOfFew,
    },
  ];
}

function judgeGrowth(growth: EngineResults['growth']): Judged[] {
  const largest = growth.at(-1);
  if (!largest) return [];
  return [
    {
      what: `requests a second left with ${largest.rows.toLocaleString('en-US')} purchases`,
      goal: `at least ${goalOfSmallest * 100} %`,
      found: `${Math.round(largest.toSmallest * 100)} %`,
      isReached: largest.toSmallest >= goalOfSmallest,
    },
  ];
}
