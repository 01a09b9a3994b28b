import { readdirSync, readFileSync } from 'node:fs';

/** The kernel's unit in /proc, on all Linux systems of today: proc(5), sysconf(_SC_CLK_TCK). */
const tickMicroseconds = 10_000;
/** The parent of all threads of the kernel; a container doesn't see it. */
const kernelThreads = 2;

/** Processor time since each began, in microseconds. */
export interface ProcessorTimes {
  /** Of all processors: how much there was to use, and how much was used, or taken by the machine's host. */
  available: number;
  used: number;
  /** Of the kernel's own threads, which bring to disk what anybody wrote. */
  kernel: number;
  processes: ReadonlyMap<number, ProcessTime>;
}

export interface ProcessTime {
  parent: number;
  own: number;
  /** Of its children that have ended, with theirs. */
  ended: number;
}

/** What the machine has spent so far, and each of its processes. On Linux only. */
export function readProcessorTimes(): ProcessorTimes {
  const processes = new Map<number, ProcessTime>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) && readIfThere(`/proc/${name}/stat`);
    if (stat) processes.set(Number(name), parseProcessStat(stat));
  }
  const kernel = timeOfTree(processes, kernelThreads);
  return { ...parseMachineStat(readFileSync('/proc/stat', 'utf8')), kernel, processes };
}

/** Processes end while they are listed. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** The first line of /proc/stat. */
export function parseMachineStat(stat: string): Pick<ProcessorTimes, 'available' | 'used'> {
  const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, hard = 0, soft = 0, stolen = 0] =
    /^cpu +([\d ]+)$/m.exec(stat)?.[1]?.split(' ').map(Number) ?? [];
  const used = user + nice + system + hard + soft + stolen;
  return { available: (used + idle + waiting) * tickMicroseconds, used: used * tickMicroseconds };
}

/** /proc/<pid>/stat; the name in its parentheses may have any character. */
export function parseProcessStat(stat: string): ProcessTime {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = (place: number) => Number(fields[place]) * tickMicroseconds;
  return { parent: Number(fields[1]), own: ticks(11) + ticks(12), ended: ticks(13) + ticks(14) };
}

/** Of the process and all that descend from it, also those that have ended and were waited for. */
export function timeOfTree(processes: ProcessorTimes['processes'], id: number): number {
  const { own, ended } = processes.get(id) ?? { own: 0, ended: 0 };
  const children = [...processes].filter(([, { parent }]) => parent === id);
  return children.reduce((sum, [child]) => sum + timeOfTree(processes, child), own + ended);
}

/** What a turn cost whom. */
export interface Spent {
  /** Microseconds of the servers, of their database where that is a process of its own, and of what made the load. */
  server: number;
  database: number;
  client: number;
  /** How much of the machine's processors all others used, or its host took, from 0 to 1. */
  foreignShare: number;
}

/**
 * What was spent between the two moments by processes that this one has started.
 *
 * @param ids of the servers, and of their database
 */
export function spentBetween(
  before: ProcessorTimes,
  after: ProcessorTimes,
  ids: { own: number; servers: readonly number[]; database: number | undefined },
): Spent {
  const grown = (of: (times: ProcessorTimes) => number) => of(after) - of(before);
  const grownTree = (id: number) => grown(({ processes }) => timeOfTree(processes, id));
  const foreign = grown(({ used }) => used) - grown(({ kernel }) => kernel) - grownTree(ids.own);
  return {
    server: ids.servers.reduce((sum, id) => sum + grownTree(id), 0),
    database: ids.database === undefined ? 0 : grownTree(ids.database),
    // The load generator is the only child that ends meanwhile.
    client: grown(({ processes }) => processes.get(ids.own)?.ended ?? 0),
    // Ticks are counted, not measured: what is ours alone may come out a little below nothing.
    foreignShare: Math.max(0, foreign / grown(({ available }) => available)),
  };
}
