import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownCheckout } from './checkout.ts';
import type { Ledger } from './ledgers.ts';
import type { Load, ServicePlan } from './plan.ts';
import { startInstances } from './processes.ts';
import type { Share } from './results.ts';
import { measure, type Subject } from './turns.ts';

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string }; children?: number[] }[];
  /** Ids of nodes. */
  samples: number[];
  /** Microseconds since the sample before. */
  timeDeltas: number[];
  /** Microseconds of the monotonic clock. */
  startTime: number;
}

/** What a function belongs to: the first that fits its name or its file, else what its caller belongs to. */
const parts: readonly [what: string, name: RegExp, file: RegExp][] = [
  ['waiting', /^\(idle\)$/, /^$/],
  ['garbage collection', /^\(garbage collector\)$/, /^$/],
  ['commit, with its fsync', /^sqliteTransaction$/, /better-sqlite3/],
  ['SQL statements', /./, /better-sqlite3|marketplace\/store\//],
  ['driver of PostgreSQL', /./, /node_modules\/pg/],
  ['log', /./, /\/pino|sync_write_stream|^node:fs|http\/log/],
  ['ids and hashes', /./, /^node:internal\/crypto|ledger\/(id|hash)/],
  ['reading and checking', /./, /node_modules\/zod|marketplace\/tracking|src\/wire/],
  ['the rest of the service', /./, /src\/marketplace/],
  ['fastify', /./, /node_modules\/(fastify|@fastify|find-my-way|avvio)/],
  ['node: HTTP and sockets', /./, /^node:/],
];

/** Where the time of the service's own thread goes under the load, the largest share first. */
export async function profileService(
  ledger: Ledger,
  load: Load,
  { seconds, warmUpSeconds }: Pick<ServicePlan, 'seconds' | 'warmUpSeconds'>,
): Promise<Share[]> {
  const folder = await mkdtemp(join(tmpdir(), 'onramp-profile-'));
  try {
    const options = ['--cpu-prof', '--cpu-prof-dir', folder];
    const servers = await startInstances(ownCheckout, 1, ledger.database, { nodeOptions: options });
    const subject: Subject = { name: 'ours', servers, ledger };
    let from = 0;
    let to = 0;
    try {
      await measure(subject, load, warmUpSeconds);
      from = monotonicMicroseconds();
      await measure(subject, load, seconds);
      to = monotonicMicroseconds();
    } finally {
      await servers.stop();
    }
    const [name = ''] = await readdir(folder);
    return sharesOf(JSON.parse(await readFile(join(folder, name), 'utf8')), from, to);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The clock that V8 stamps profiles with, the same in all processes. */
function monotonicMicroseconds(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}

/** Of the samples between the two times, by the parts that they belong to. */
export function sharesOf(profile: Profile, from: number, to: number): Share[] {
  const partOf = new Map<number, string>();
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const [root] = profile.nodes;
  const pending = root ? [{ node: root, inherited: 'other' }] : [];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { functionName, url } = next.node.callFrame;
    const part = parts.find(([, name, file]) => name.test(functionName) && file.test(url));
    const what = part?.[0] ?? next.inherited;
    partOf.set(next.node.id, what);
    for (const id of next.node.children ?? []) {
      const node = nodes.get(id);
      if (node) pending.push({ node, inherited: what });
    }
  }
  const spent = new Map<string, number>();
  let time = profile.startTime;
  for (const [index, id] of profile.samples.entries()) {
    const delta = profile.timeDeltas[index] ?? 0;
    time += delta;
    if (time < from || time > to) continue;
    const what = partOf.get(id) ?? 'other';
    spent.set(what, (spent.get(what) ?? 0) + delta);
  }
  const total = [...spent.values()].reduce((sum, value) => sum + value, 0);
  return [...spent]
    .map(([what, value]) => ({ what, share: value / total }))
    .toSorted((one, other) => other.share - one.share);
}
