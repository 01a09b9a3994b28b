import { tmpdir } from 'node:os';
import { measureStep, type Report } from '../step.ts';
import { ownCheckout } from './checkout.ts';
import { describeDisk, measureSync, requireRoom } from './disk.ts';
import type { Engine, Ledger } from './ledgers.ts';
import { describeMachine } from './machine.ts';
import { fewProviders, manyProviders } from './message.ts';
import { closedLoop, openLoops, type ServicePlan, ways } from './plan.ts';
import { startPostgresql } from './postgres.ts';
import { prepareLedger } from './prepare.ts';
import { type Processes, startBareServers, startDurableServer, startInstances } from './processes.ts';
import { profileService } from './profile.ts';
import { readFigures } from './reading.ts';
import type {
  Comparison,
  EngineResults,
  FiguresRead,
  Growth,
  ManyProviders,
  ServiceResults,
  Share,
  Tally,
} from './results.ts';
import { startSqlite } from './sqlite.ts';
import { measure, playRounds, ratioOf, type Subject, summarize } from './turns.ts';

/** The databases that are measured. */
const engines = [startSqlite, startPostgresql];
/** Of each of two copies, with some for the log and the smaller ledgers. */
const bytesOfRow = 700;

/** What all steps of an engine need. */
interface Bench {
  plan: ServicePlan;
  tally: Tally;
  engine: Engine;
  /** A prepared ledger of this checkout's service, and of the one beside it. */
  prepared: Ledger;
  beside: { checkout: string; prepared: Ledger } | undefined;
}

/**
 * The service's benchmark: its numbers beside those of a server that does nothing and of one that does the least to
 * store.
 *
 * @param beside the folder of another checkout, whose service takes its turns as well
 */
export async function runServiceSuite(
  plan: ServicePlan,
  generator: string,
  beside: string | undefined,
): Promise<ServiceResults> {
  const folder = tmpdir();
  await requireRoom(folder, 2 * bytesOfRow * Math.max(...plan.sizes));
  const machine = describeMachine(generator);
  const syncMs = await measureSync(folder);
  const tally: Tally = { turns: 0, discarded: 0, disturbed: 0 };
  const results: EngineResults[] = [];
  for (const start of engines) {
    const engine = await start();
    try {
      const prepared = await prepareLedger(engine, ownCheckout);
      const other = beside && { checkout: beside, prepared: await prepareLedger(engine, beside) };
      results.push(await measureEngine({ plan, tally, engine, prepared, beside: other || undefined }));
    } finally {
      await engine.stop();
    }
  }
  const takenOn = new Date().toISOString().slice(0, 10);
  return {
    takenOn,
    machine,
    disk: describeDisk(folder),
    syncMs,
    rounds: plan.rounds,
    tally,
    engines: results,
  };
}

async function measureEngine(bench: Bench): Promise<EngineResults> {
  const { name, version, instanceCounts } = bench.engine;
  const comparisons: Comparison[] = [];
  for (const instances of instanceCounts) {
    const title = `${name}, ${instances} instance${instances > 1 ? 's' : ''}`;
    comparisons.push(...(await measureStep(title, (report) => compare(bench, instances, report))));
  }
  const many = await measureStep(`${name}, many providers`, (report) => compareProviders(bench, report));
  const { growth, reading } = await measureStep(`${name}, growing`, (report) => grow(bench, report));
  const profile = await measureStep(`${name}, profile`, (report) => profileOnce(bench, report));
  return { name, version, comparisons, many, growth, reading, profile };
}

/** Each load on so many instances of the service, beside the other servers. */
async function compare(bench: Bench, instances: number, report: Report): Promise<Comparison[]> {
  return await endingAll(async (ends) => {
    const { plan, engine, tally, prepared, beside } = bench;
    const [size = 0] = plan.sizes;
    const subjects: Subject[] = [
      { name: 'bare', servers: await endLater(startBareServers(instances), ends) },
    ];
    const filled = async (from: Ledger) => {
      const ledger = await copyLedger(engine, from, ends);
      await ledger.fill(size, () => undefined);
      return ledger;
    };
    if (engine.name === 'SQLite') subjects.push(await startDurable(await filled(prepared), ends));
    if (beside) {
      const ledger = await filled(beside.prepared);
      const servers = await endLater(startInstances(beside.checkout, instances, ledger.database), ends);
      subjects.push({ name: 'beside', servers, ledger, databaseId: engine.processId });
    }
    subjects.push(await startOurs(engine, await filled(prepared), instances, ends));
    await warmUp(subjects, bench, report);
    const comparisons: Comparison[] = [];
    for (const load of [...ways.map(closedLoop), ...(instances === 1 ? openLoops : [])]) {
      const isOpen = 'perSecond' in load;
      report(
        isOpen ? `${load.way}, ${load.perSecond} a second` : `${load.way}, ${load.connections} connections`,
      );
      const pace = isOpen ? { ...plan, seconds: plan.openSeconds } : plan;
      const played = await playRounds(subjects, load, pace, tally);
      comparisons.push({ instances, load, measured: summarize(subjects, played) });
    }
    return comparisons;
  });
}

/** One load of few providers' purchases and of many providers', in turns, with the limits by key and provider on. */
async function compareProviders(bench: Bench, report: Report): Promise<ManyProviders> {
  return await endingAll(async (ends) => {
    const { plan, engine, tally, prepared } = bench;
    const counts = [fewProviders, manyProviders];
    const subjects: Subject[] = [];
    for (const providers of counts) {
      const ledger = await copyLedger(engine, prepared, ends);
      await ledger.fill(plan.sizes[0] ?? 0, () => undefined);
      await ledger.addProviders(providers);
      const starting = startInstances(ownCheckout, 1, ledger.database, { areLimited: true });
      const servers = await endLater(starting, ends);
      subjects.push({ name: 'ours', servers, ledger, databaseId: engine.processId, providers });
    }
    report('warming up');
    for (const subject of subjects) await meetProviders(subject, plan.seconds);
    report('the load');
    const played = await playRounds(subjects, closedLoop('post'), plan, tally);
    const [few = [], many = []] = played;
    const measured = summarize(subjects, played).map(({ figures }, index) => ({
      providers: counts[index] ?? 0,
      figures,
    }));
    return { measured, toFew: ratioOf(many, few) };
  });
}

/** Each load begins at a provider of its own: so many purchases come to nearly all, as they do once after a start. */
async function meetProviders(subject: Subject, seconds: number): Promise<void> {
  let answers = 0;
  while (answers < 2 * manyProviders)
    answers += (await measure(subject, closedLoop('post'), seconds)).answers;
}

/** One load on ledgers of all sizes, in turns, and what figures take to be read of the largest. */
async function grow(bench: Bench, report: Report): Promise<{ growth: Growth[]; reading: FiguresRead[] }> {
  return await endingAll(async (ends) => {
    const { plan, engine, tally, prepared } = bench;
    const groups: { rows: number; bytes: number; subjects: Subject[] }[] = [];
    for (const rows of plan.sizes) {
      const ledger = await copyLedger(engine, prepared, ends);
      await ledger.fill(rows, (written) =>
        report(`${written.toLocaleString('en-US')} of ${rows.toLocaleString('en-US')} purchases written`),
      );
      const bytes = await ledger.bytes();
      const subjects: Subject[] = [];
      if (engine.name === 'SQLite')
        subjects.push(await startDurable(await copyLedger(engine, ledger, ends), ends));
      subjects.push(await startOurs(engine, ledger, 1, ends));
      groups.push({ rows, bytes, subjects });
    }
    report('figures');
    const reading = await readLargest(groups.at(-1)?.subjects.at(-1), plan.rounds);
    const all = groups.flatMap(({ subjects }) => subjects);
    await warmUp(all, bench, report);
    report('the load');
    const played = await playRounds(all, closedLoop('post'), plan, tally);
    const turnsOf = (subject: Subject | undefined) => played[subject ? all.indexOf(subject) : -1] ?? [];
    const smallest = turnsOf(groups[0]?.subjects.at(-1));
    const growth = groups.map(({ rows, bytes, subjects }) => ({
      rows,
      bytes,
      measured: summarize(subjects, subjects.map(turnsOf)),
      toSmallest: ratioOf(turnsOf(subjects.at(-1)), smallest),
    }));
    return { growth, reading };
  });
}

async function readLargest(subject: Subject | undefined, rounds: number): Promise<FiguresRead[]> {
  const port = subject?.servers.ports[0];
  return subject?.ledger && port ? await readFigures(subject.ledger, port, 2 * rounds + 1) : [];
}

async function profileOnce({ engine, prepared, plan }: Bench, report: Report): Promise<Share[]> {
  return await endingAll(async (ends) => {
    const ledger = await copyLedger(engine, prepared, ends);
    report('the load');
    return await profileService(ledger, closedLoop('post'), plan);
  });
}

async function startDurable(ledger: Ledger, ends: Ends): Promise<Subject> {
  return { name: 'durable', servers: await endLater(startDurableServer(ledger.database), ends), ledger };
}

async function startOurs(engine: Engine, ledger: Ledger, instances: number, ends: Ends): Promise<Subject> {
  const servers = await endLater(startInstances(ownCheckout, instances, ledger.database), ends);
  return { name: 'ours', servers, ledger, databaseId: engine.processId };
}

async function copyLedger(engine: Engine, from: Ledger, ends: Ends): Promise<Ledger> {
  const ledger = await engine.copyLedger(from);
  ends.push(ledger.remove);
  return ledger;
}

async function endLater(starting: Promise<Processes>, ends: Ends): Promise<Processes> {
  const servers = await starting;
  ends.push(servers.stop);
  return servers;
}

/** What runs for the first time is compiled, and slow. */
async function warmUp(subjects: readonly Subject[], { plan }: Bench, report: Report): Promise<void> {
  report('warming up');
  const pace = { rounds: 1, tries: 1, seconds: plan.warmUpSeconds };
  for (const way of ways)
    await playRounds(subjects, closedLoop(way), pace, { turns: 0, discarded: 0, disturbed: 0 });
}

type Ends = (() => Promise<void>)[];

/** Does the work, then ends what it has begun, the latest first. */
async function endingAll<Found>(work: (ends: Ends) => Promise<Found>): Promise<Found> {
  const ends: Ends = [];
  try {
    return await work(ends);
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}
