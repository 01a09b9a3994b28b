import { median } from '../measures/median.ts';
import { type Ledger, partnerKeys } from './ledgers.ts';
import type { Load } from './plan.ts';
import type { Processes } from './processes.ts';
import type { Figures } from './results.ts';
import { type Answered, putLoad } from './wrk.ts';

/** Servers of one kind; those with a ledger are the service. */
export interface Subject {
  servers: Processes;
  ledger?: Ledger;
}

/**
 * Puts the load on each subject in turn, so many times over, every other time in reverse.
 *
 * @returns what each subject answered, in the order of the rounds
 */
export async function playRounds(
  subjects: readonly Subject[],
  load: Load,
  rounds: number,
  seconds: number,
): Promise<Answered[][]> {
  const played = subjects.map((subject) => ({ subject, answered: [] as Answered[] }));
  for (let round = 0; round < rounds; round++) {
    for (const { subject, answered } of round % 2 === 0 ? played : played.toReversed())
      answered.push(await measure(subject, load, seconds));
  }
  return played.map(({ answered }) => answered);
}

/** @throws Error when the ledger lacks a purchase that was answered, or has one that nobody sent */
export async function measure({ servers, ledger }: Subject, load: Load, seconds: number): Promise<Answered> {
  const { ports } = servers;
  if (!ledger) return await putLoad({ ports, expected: 204, partnerKeys }, load, seconds);
  const since = Date.now();
  const expected = load.way === 'post' ? 201 : 200;
  const answered = await putLoad({ ports, expected, partnerKeys }, load, seconds);
  const rows = await ledger.countSince(since, answered.run);
  // wrk hangs up while the last requests are under way: they may be in the ledger, too.
  if (rows >= answered.answers && rows <= answered.answers + load.connections) return answered;
  throw new Error(`${answered.answers} purchases were acknowledged, and ${rows} rows came into the ledger`);
}

export function figuresOf(answered: readonly Answered[]): Figures {
  return {
    perSecond: median(answered.map(({ perSecond }) => perSecond)),
    p99Ms: median(answered.map(({ p99Ms }) => p99Ms)),
  };
}

/** The median of what each round gives for itself: what slows the machine down for a while slows both. */
export function ratioOf(
  ours: readonly Answered[],
  others: readonly Answered[],
  of: (answered: Answered) => number,
): number {
  return median(ours.map((one, round) => of(one) / of(others[round] ?? one)));
}
