// The cluster of docs/cluster.md loses servers, processes and connections under load, by each of the ways to it.
import { beforeAll, expect, test, vi } from 'vitest';
import { openDatabase } from '../../../src/marketplace/store/open.ts';
import { type Cluster, type ClusterServer, type Roles, startCluster } from '../../support/cluster.ts';
import { queryPostgres } from '../../support/postgresDatabases.ts';
import { addAcme, longestAnswerMs, serveAt, storedOrderIds } from '../support/faults.ts';
import { expectEachOnce, reportFigures, startLoad } from '../support/load.ts';

/** A failover takes the 5 s of Patroni's ttl here, and what a busy machine adds. */
const patience = { timeout: 60_000, interval: 100 };
/** More would keep the machine from anything else; each purchase is sent twice at once. */
const connections = 4;

vi.setConfig({ testTimeout: 1_200_000, hookTimeout: 150_000 });

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
  return () => cluster.remove();
});

interface Play {
  name: string;
  act(roles: Roles): Promise<void> | void;
  /** Whether the cluster has made up its mind. */
  isOver?(now: Partial<Roles>, before: Roles): boolean;
  /** Ways by which nothing is acknowledged until it is mended. */
  stalled?: readonly Way[];
  mend?(roles: Roles): Promise<void> | void;
}

type Way = 'servers' | 'pooler';

const hasNewPrimary: Play['isOver'] = ({ primary }, before) =>
  primary !== undefined && primary !== before.primary;
const hasNewStandby: Play['isOver'] = ({ standby }, before) =>
  standby !== undefined && standby !== before.standby;
const thaw = (server: ClusterServer) => server.thaw();

async function killBoth(server: ClusterServer): Promise<void> {
  await server.kill('patroni');
  await server.kill('postmaster');
}

/** What proves most, in the time of a test run. */
const usual: Play[] = [
  {
    name: 'the primary and its Patroni are killed',
    act: ({ primary }) => killBoth(primary),
    isOver: hasNewPrimary,
    mend: ({ primary }) => primary.start(),
  },
  { name: 'a switchover', act: () => cluster.switchOver(), isOver: hasNewPrimary },
];

const others: Play[] = [
  {
    name: 'the machine of the primary is frozen',
    act: ({ primary }) => primary.freeze('all'),
    isOver: hasNewPrimary,
    mend: ({ primary }) => thaw(primary),
  },
  { name: 'the postmaster of the primary is killed', act: ({ primary }) => primary.kill('postmaster') },
  {
    name: 'Patroni of the primary is killed, which goes on without',
    act: ({ primary }) => primary.kill('patroni'),
    isOver: hasNewPrimary,
    mend: ({ primary }) => primary.start(),
  },
  {
    name: 'the postmaster of the primary is frozen',
    act: ({ primary }) => primary.freeze('postmaster'),
    mend: ({ primary }) => thaw(primary),
  },
  {
    name: 'the primary is cut off from all',
    act: ({ primary }) => primary.cutOff(['etcd', 'peers', 'clients']),
    isOver: hasNewPrimary,
    mend: ({ primary }) => primary.connect(),
  },
  {
    name: 'the primary is cut off from etcd',
    act: ({ primary }) => primary.cutOff(['etcd']),
    isOver: hasNewPrimary,
    mend: ({ primary }) => primary.connect(),
  },
  {
    name: 'the primary is cut off from its standbys',
    act: ({ primary }) => primary.cutOff(['peers']),
    stalled: ['servers', 'pooler'],
    mend: ({ primary }) => primary.connect(),
  },
  {
    name: 'the primary is cut off from its standbys, and killed with what they lack',
    async act({ primary }) {
      primary.cutOff(['peers']);
      const waiting = "select 1 as waits from pg_stat_activity where wait_event = 'SyncRep'";
      await expect.poll(() => queryPostgres(primary.url, waiting), patience).toContainEqual({ waits: 1 });
      await killBoth(primary);
    },
    isOver: hasNewPrimary,
    async mend({ primary }) {
      primary.connect();
      await primary.start();
    },
  },
  {
    name: 'the primary is cut off from HAProxy and clients',
    act: ({ primary }) => primary.cutOff(['clients']),
    stalled: ['servers', 'pooler'],
    mend: ({ primary }) => primary.connect(),
  },
  {
    name: 'the synchronous standby is killed',
    act: ({ standby }) => killBoth(standby),
    isOver: hasNewStandby,
    mend: ({ standby }) => standby.start(),
  },
  {
    name: 'the machine of the synchronous standby is frozen',
    act: ({ standby }) => standby.freeze('all'),
    isOver: hasNewStandby,
    mend: ({ standby }) => thaw(standby),
  },
  {
    name: 'HAProxy is killed',
    act: () => cluster.balancer.kill(),
    stalled: ['pooler'],
    mend: () => cluster.balancer.start(),
  },
];

const plays = process.env.ONRAMP_KILLS === undefined ? usual : [...usual, ...others];

test('whatever of a cluster fails, what is acknowledged is stored, once, and it goes on', async () => {
  // Three instances begin at once, with a single connection for all, on a database without tables.
  const stores = await Promise.all(['a', 'b', 'c'].map(() => openDatabase(cluster.addresses.pooler)));
  await Promise.all(stores.map((store) => store.close()));
  await addAcme(cluster.addresses.pooler);
  const services = {
    servers: await serveAt(cluster.addresses.servers),
    pooler: await serveAt(cluster.addresses.pooler),
  };
  for (const { name, act, isOver, stalled = [], mend } of plays) {
    const before = await cluster.whole();
    const loads = Object.entries(services).map(([way, { baseUrl }]) => ({
      way: way as Way,
      load: startLoad(baseUrl, `${name}, by ${way}`, connections),
    }));
    const progress = (some = loads) =>
      Promise.all(some.map(({ load }) => load.progress(20, patience.timeout)));
    await progress();
    await act(before);
    if (isOver) {
      await expect.poll(async () => isOver(await cluster.roles(), before), patience).toBe(true);
    }
    for (const { load } of loads.filter(({ way }) => stalled.includes(way))) {
      await expect.poll(() => load.unavailable.size, patience).toBeGreaterThan(0);
    }
    await progress(loads.filter(({ way }) => !stalled.includes(way)));
    await mend?.(before);
    await progress();
    await Promise.all(loads.map(({ load }) => load.finish()));
    const { primary } = await cluster.whole();
    const stored = await storedOrderIds(primary.url);
    for (const { way, load } of loads) {
      const what = `${name}, by ${way}`;
      expect(load.unexpected, what).toEqual([]);
      expect(load.slowestMs, what).toBeLessThan(longestAnswerMs);
      expectEachOnce(stored, load.acknowledged);
      if (process.env.ONRAMP_KILLS !== undefined) console.log(what);
      reportFigures(load);
    }
  }
  for (const { process } of Object.values(services)) expect(process.exitCode).toBe(null);
});
