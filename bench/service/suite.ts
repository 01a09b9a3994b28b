import { measureStep, type Report } from '../step.ts';
import { fillLedger } from './fill.ts';
import { addProviders, type Engine } from './ledgers.ts';
import { describeMachine, measureSync } from './machine.ts';
import { growthLoad, loads, type ServicePlan } from './plan.ts';
import { startPostgresql } from './postgres.ts';
import { startBareServers, startInstances } from './processes.ts';
import { profileService } from './profile.ts';
import type { Comparison, EngineResults, Growth, ServiceResults, Share } from './results.ts';
import { figuresOf, playRounds, ratioOf, type Subject } from './rounds.ts';
import { startSqlite } from './sqlite.ts';

/** The databases that are measured. */
const engines = [startSqlite, startPostgresql];

/** The service's benchmark: its numbers beside those of a server that does nothing. */
export async function runServiceSuite(plan: ServicePlan, generator: string): Promise<ServiceResults> {
  const machine = describeMachine(generator);
  const syncMs = await measureSync();
  const results: EngineResults[] = [];
  for (const start of engines) {
    const engine = await start();
    try {
      results.push(await measureEngine(engine, plan));
    } finally {
      await engine.stop();
    }
  }
  const { rounds, growthRounds, seconds } = plan;
  const takenOn = new Date().toISOString().slice(0, 10);
  return { takenOn, machine, syncMs, rounds, growthRounds, seconds, engines: results };
}

async function measureEngine(engine: Engine, plan: ServicePlan): Promise<EngineResults> {
  const { name, version, instanceCounts } = engine;
  const comparisons: Comparison[] = [];
  for (const instances of instanceCounts) {
    const title = `${name}, ${instances} instance${instances > 1 ? 's' : ''}`;
    comparisons.push(...(await measureStep(title, (report) => compare(engine, instances, plan, report))));
  }
  const growth = await measureStep(`${name}, growing`, (report) => grow(engine, plan, report));
  const profile = await measureStep(`${name}, profile`, (report) => profileOnce(engine, plan, report));
  return { name, version, comparisons, growth, profile };
}

/** Each load on so many instances and on as many bare servers. */
async function compare(
  engine: Engine,
  instances: number,
  plan: ServicePlan,
  report: Report,
): Promise<Comparison[]> {
  return await endingAll(async (ends) => {
    const bare = await startBareServers(instances);
    ends.push(bare.stop);
    const { ledger } = await createLedger(engine, ends);
    const ours = await startInstances(instances, ledger.database);
    ends.push(ours.stop);
    const subjects = [{ servers: bare }, { servers: ours, ledger }];
    await warmUp(subjects, plan, report);
    const comparisons: Comparison[] = [];
    for (const load of loads) {
      report(`${load.way}, ${load.connections} connections`);
      const [bareAnswered = [], answered = []] = await playRounds(subjects, load, plan.rounds, plan.seconds);
      comparisons.push({
        instances,
        load,
        bare: figuresOf(bareAnswered),
        ours: figuresOf(answered),
        perSecondRatio: ratioOf(answered, bareAnswered, ({ perSecond }) => perSecond),
        p99Ratio: ratioOf(answered, bareAnswered, ({ p99Ms }) => p99Ms),
      });
    }
    return comparisons;
  });
}

/** One load on ledgers of all sizes, in turns. */
async function grow(engine: Engine, plan: ServicePlan, report: Report): Promise<Growth[]> {
  return await endingAll(async (ends) => {
    const bare = await startBareServers(1);
    ends.push(bare.stop);
    const subjects: Subject[] = [{ servers: bare }];
    const bytes: number[] = [];
    for (const size of plan.sizes) {
      const { ledger, providerIds } = await createLedger(engine, ends);
      await fillLedger(ledger, providerIds, size, (rows) =>
        report(`${rows.toLocaleString('en-US')} of ${size.toLocaleString('en-US')} purchases written`),
      );
      await ledger.settle();
      bytes.push(await ledger.bytes());
      const servers = await startInstances(1, ledger.database);
      ends.push(servers.stop);
      subjects.push({ servers, ledger });
    }
    await warmUp(subjects, plan, report);
    report('the load');
    const played = await playRounds(subjects, growthLoad, plan.growthRounds, plan.seconds);
    const [bareAnswered = [], ...answered] = played;
    return answered.map((ours, index) => ({
      rows: plan.sizes[index] ?? 0,
      bytes: bytes[index] ?? 0,
      ours: figuresOf(ours),
      perSecondRatio: ratioOf(ours, bareAnswered, ({ perSecond }) => perSecond),
      toSmallest: ratioOf(ours, answered[0] ?? [], ({ perSecond }) => perSecond),
    }));
  });
}

async function profileOnce(engine: Engine, plan: ServicePlan, report: Report): Promise<Share[]> {
  return await endingAll(async (ends) => {
    const { ledger } = await createLedger(engine, ends);
    report('the load');
    return await profileService(ledger, growthLoad, plan);
  });
}

/** An empty ledger with the providers that the load speaks for. */
async function createLedger(engine: Engine, ends: Ends) {
  const ledger = await engine.createLedger();
  ends.push(ledger.remove);
  return { ledger, providerIds: await addProviders(ledger.database) };
}

/** What runs for the first time is compiled, and slow. */
async function warmUp(subjects: readonly Subject[], plan: ServicePlan, report: Report): Promise<void> {
  report('warming up');
  for (const load of [growthLoad, { ...growthLoad, way: 'gif' as const }])
    await playRounds(subjects, load, 1, plan.warmUpSeconds);
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
