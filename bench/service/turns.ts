import { median } from '../measures/median.ts';
import type { Ledger } from './ledgers.ts';
import { type Answered, putLoad } from './load.ts';
import { fewProviders } from './message.ts';
import type { Load } from './plan.ts';
import type { Processes } from './processes.ts';
import { readProcessorTimes, spentBetween } from './processorTime.ts';
import type { Figures, Measured, SubjectName, Tally } from './results.ts';

/** How much of the machine's processors others may use while a server is measured. */
export const allowedForeignShare = 0.05;

/** Servers of one kind; all but the bare ones have a ledger. */
export interface Subject {
  name: SubjectName;
  servers: Processes;
  /** Whose purchases it gets; all subjects of a comparison but that of providers get those of the few. */
  providers?: number;
  ledger?: Ledger;
  /** Of the database's own process, where it has one. */
  databaseId?: number | undefined;
}

/** One load on one subject. */
export interface Turn extends Answered, Omit<Figures, 'perSecond'> {
  /** Of the machine's processors, what others used. */
  foreignShare: number;
}

export interface Pace {
  rounds: number;
  /** How often a turn is measured at most, while it is disturbed. */
  tries: number;
  /** Of each turn. */
  seconds: number;
}

/**
 * Puts the load on each subject in turn, in so many rounds, every other one in reverse.
 *
 * @param tally counts what was disturbed
 * @returns the turns of each subject, in the order of the rounds
 */
export async function playRounds(
  subjects: readonly Subject[],
  load: Load,
  { rounds, tries, seconds }: Pace,
  tally: Tally,
): Promise<Turn[][]> {
  const played = subjects.map((subject) => ({ subject, turns: [] as Turn[] }));
  for (let round = 0; round < rounds; round++) {
    for (const { subject, turns } of round % 2 === 0 ? played : played.toReversed())
      turns.push(await measureQuietly(() => measure(subject, load, seconds), tries, tally));
  }
  return played.map(({ turns }) => turns);
}

/** Measures until nobody disturbs it, at most so often; resolves to the quietest. */
export async function measureQuietly(
  measureOnce: () => Promise<Turn>,
  tries: number,
  tally: Tally,
): Promise<Turn> {
  let quietest = await measureOnce();
  for (let tried = 1; tried < tries && isDisturbed(quietest); tried++) {
    const next = await measureOnce();
    if (next.foreignShare < quietest.foreignShare) quietest = next;
    tally.discarded++;
  }
  tally.turns++;
  if (isDisturbed(quietest)) tally.disturbed++;
  return quietest;
}

function isDisturbed({ foreignShare }: Turn): boolean {
  return foreignShare > allowedForeignShare;
}

/** @throws Error when the ledger lacks a purchase that was answered, or has one that nobody sent */
export async function measure(subject: Subject, load: Load, seconds: number): Promise<Turn> {
  const { servers, providers = fewProviders, ledger, databaseId } = subject;
  const stored = load.way === 'post' ? 201 : 200;
  const target = { ports: servers.ports, providers, expected: ledger ? stored : 204 };
  const since = Date.now();
  const before = readProcessorTimes();
  const answered = await putLoad(target, load, seconds);
  const ids = { own: process.pid, servers: servers.ids, database: databaseId };
  const spent = spentBetween(before, readProcessorTimes(), ids);
  const { answers, run } = answered;
  if (ledger) {
    const rows = await ledger.countSince(since, run);
    // wrk hangs up while the last requests are under way: they may be in the ledger, too.
    const unanswered = 'connections' in load ? load.connections : 0;
    if (rows < answers || rows > answers + unanswered)
      throw new Error(`${answers} purchases were acknowledged, and ${rows} rows came into the ledger`);
  }
  return {
    ...answered,
    serverMicroseconds: spent.server / answers,
    databaseMicroseconds: spent.database / answers,
    clientMicroseconds: spent.client / answers,
    foreignShare: spent.foreignShare,
  };
}

/** What each subject's turns come to, and how ours compare, which are those of the last subject. */
export function summarize(subjects: readonly { name: SubjectName }[], played: readonly Turn[][]): Measured[] {
  const ours = played.at(-1) ?? [];
  return subjects.map(({ name }, index) => {
    const turns = played[index] ?? [];
    return { subject: name, figures: figuresOf(turns), oursToIt: ratioOf(ours, turns) };
  });
}

function figuresOf(turns: readonly Turn[]): Figures {
  const medianOf = (of: (turn: Turn) => number) => median(turns.map(of));
  return {
    perSecond: medianOf(({ perSecond }) => perSecond),
    p50Ms: medianOf(({ p50Ms }) => p50Ms),
    p99Ms: medianOf(({ p99Ms }) => p99Ms),
    serverMicroseconds: medianOf(({ serverMicroseconds }) => serverMicroseconds),
    databaseMicroseconds: medianOf(({ databaseMicroseconds }) => databaseMicroseconds),
    clientMicroseconds: medianOf(({ clientMicroseconds }) => clientMicroseconds),
  };
}

/**
 * Requests a second of the one to the other: the median of what each round gives for itself, since what slows the
 * machine down for a while slows both.
 */
export function ratioOf(
  one: readonly Pick<Turn, 'perSecond'>[],
  other: readonly Pick<Turn, 'perSecond'>[],
): number {
  return median(one.map(({ perSecond }, round) => perSecond / (other[round]?.perSecond ?? Number.NaN)));
}
