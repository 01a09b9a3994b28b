import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, cpSync, existsSync, openSync } from 'node:fs';
import { chown, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type ClusterProgram, findClusterProgram, unpackedCluster } from '../../tools/cluster.mjs';
import { findPostgres, findServerUser } from '../../tools/postgres.mjs';
import { findTemporaryFolder } from '../../tools/temporaryFolder.ts';
import { chooseFiles } from './clusterFiles.ts';
import { joinAddresses, queryPostgres } from './postgresDatabases.ts';
import { signalIfThere } from './postgresProcess.ts';
import { startTcpProxy, type TcpProxy } from './tcpProxy.ts';

/** The cluster of docs/cluster.md on loopback: three servers with etcd, PostgreSQL and Patroni, and what stands before them. */
export interface Cluster {
  servers: readonly ClusterServer[];
  /** Where the service finds its database, by each of the ways that docs/cluster.md has. */
  addresses: {
    /** All servers. */
    servers: string;
    /** HAProxy. */
    balancer: string;
    /** PgBouncer with a single connection, before HAProxy. */
    pooler: string;
  };
  /** Who does what just now, of those that are well. */
  roles(): Promise<Partial<Roles>>;
  /** Resolves when there are all three. */
  whole(): Promise<Roles>;
  /** Hands over to the synchronous standby, as planned work on a machine does. */
  switchOver(): Promise<void>;
  balancer: { kill(): Promise<void>; start(): Promise<void> };
  remove(): Promise<void>;
}

export interface Roles {
  primary: ClusterServer;
  /** Without which nothing is acknowledged. */
  standby: ClusterServer;
  other: ClusterServer;
}

export interface ClusterServer {
  name: string;
  /** The address of the database on it, past everything. */
  url: string;
  /** Ends Patroni, or PostgreSQL's first process, as a crash would. */
  kill(what: 'patroni' | 'postmaster'): Promise<void>;
  /** Stops processes where they stand: these two, or all of the machine's. */
  freeze(what: 'postmaster' | 'all'): Promise<void>;
  thaw(): Promise<void>;
  /** The network between it and the others; silent, or as it was. */
  cutOff(from: readonly Neighbour[]): void;
  connect(): void;
  /** Starts Patroni again where it doesn't run. */
  start(): Promise<void>;
}

export type Neighbour = 'etcd' | 'peers' | 'clients';

interface Member {
  name: string;
  role: string;
  state: string;
}

const database = 'onramp';

/** After so long it isn't believed any more that the cluster heals. */
const patienceMs = 120_000;

/**
 * Resolves when all of it is there. It ends with the process that started it.
 *
 * @throws Error with what Patroni says last, where it doesn't come up
 */
export async function startCluster(): Promise<Cluster> {
  const user = findServerUser();
  const folder = await mkdtemp(join(findTemporaryFolder(), 'onramp-cluster-'));
  const password = randomBytes(16).toString('hex');
  const files = chooseFiles(password);
  const { network } = files;
  const apiHeaders = { authorization: `Basic ${btoa(`patroni:${password}`)}` };
  const programs = copyPrograms(join(folder, 'programs'));
  const pids = join(folder, 'pids');
  await mkdir(pids);
  if (user.uid !== undefined && user.gid !== undefined) await chown(folder, user.uid, user.gid);

  const environment = { ...process.env, PYTHONPATH: programs.modules };

  /** Its output goes to a file beside, its number to where whoever cleans up finds it. */
  async function run(
    name: string,
    command: readonly string[],
    env: Record<string, string> = {},
  ): Promise<ChildProcess> {
    const log = openSync(join(folder, `${name}.log`), 'a');
    const [program = '', ...args] = command;
    const child = spawn(program, args, {
      ...user,
      cwd: folder,
      env: { ...environment, ...env },
      detached: true,
      stdio: ['ignore', log, log, 'pipe'],
    });
    closeSync(log);
    await once(child, 'spawn');
    await note(name, child.pid);
    return child;
  }

  const note = (name: string, pid = 0) => writeFile(join(pids, `${name}-${pid}`), `${pid}\n`);

  async function write(name: string, text: string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, text, { mode: 0o600 });
    if (user.uid !== undefined && user.gid !== undefined) await chown(path, user.uid, user.gid);
    return path;
  }

  async function startServer(number: number): Promise<ClusterServer & { links: Link[] }> {
    const name = `db${number}`;
    const data = join(folder, `data${number}`);
    const inside = network.inside(number);
    const link = async (neighbour: Neighbour, host: string, port: number): Promise<Link> => ({
      neighbour,
      proxy: await startTcpProxy(`postgres://${inside}:${port}`, { host, port }),
    });
    const links = await Promise.all([
      link('etcd', network.toEtcd(number), 2379),
      link('peers', network.forPeers(number), 5432),
      link('peers', network.forPeers(number), 8008),
      link('clients', network.forClients(number), 5432),
      link('clients', network.forClients(number), 8008),
    ]);
    const etcd = await files.etcd(number);
    await run(`etcd${number}`, [programs.etcd], { ...etcd, ETCD_DATA_DIR: join(folder, `etcd${number}`) });
    const settings = await write(
      `patroni${number}.yml`,
      await files.patroni(number, { data, programs: findPostgres() ?? '' }),
    );
    let patroni: number | undefined;
    const postmaster = async () =>
      Number((await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')[0]);
    let frozen: number[] = [];
    const server: ClusterServer & { links: Link[] } = {
      name,
      links,
      url: `postgres://postgres:${password}@${inside}:5432/${database}`,
      async kill(what) {
        if (what === 'postmaster') {
          process.kill(await postmaster(), 'SIGKILL');
          return;
        }
        if (patroni) process.kill(patroni, 'SIGKILL');
        while (patroni && isThere(patroni)) await pause(10);
        patroni = undefined;
      },
      async freeze(what) {
        const first = await postmaster();
        frozen = what === 'all' && patroni ? [patroni, first, ...childrenOf(first)] : [first];
        for (const pid of frozen) signalIfThere(pid, 'SIGSTOP');
      },
      async thaw() {
        for (const pid of frozen) signalIfThere(pid, 'SIGCONT');
      },
      cutOff(from) {
        for (const { neighbour, proxy } of links) if (from.includes(neighbour)) proxy.silent = true;
      },
      connect() {
        for (const { proxy } of links) {
          if (proxy.silent) proxy.cut();
          proxy.silent = false;
        }
      },
      async start() {
        if (patroni) return;
        const command = ['/usr/bin/python3', '-c', reaper, programs.patroni, settings];
        const child = await run(`patroni${number}`, command);
        const [said] = await once(child.stdio[3] ?? child, 'data');
        patroni = Number(said);
        await note(`patroni${number}`, patroni);
      },
    };
    return server;
  }

  /** Patroni ends where etcd isn't ready to be asked; on a machine it is started again. */
  async function waitForEtcd(server: number): Promise<void> {
    const address = `http://${network.inside(server)}:2379/version`;
    for (;;) {
      const version = await fetch(address).then(
        (answer) => answer.text(),
        () => '',
      );
      if (/"etcdcluster":"\d/.test(version)) return;
      await pause(100);
    }
  }

  const guard = startGuard(folder);
  const numbers = [1, 2, 3];
  const servers = await Promise.all(numbers.map(startServer));
  await Promise.all(numbers.map(waitForEtcd));
  await Promise.all(servers.map((server) => server.start()));

  async function members(): Promise<Member[]> {
    for (const number of numbers) {
      const address = `http://${network.inside(number)}:8008/cluster`;
      try {
        const answer = await fetch(address, { signal: AbortSignal.timeout(1_000) });
        if (answer.ok) return ((await answer.json()) as { members: Member[] }).members;
      } catch {
        // It is away, or frozen: the next one knows as much.
      }
    }
    return [];
  }

  async function roles(): Promise<Partial<Roles>> {
    const well = (await members()).filter(({ state }) => ['running', 'streaming'].includes(state));
    const find = (role: string) =>
      servers.find(({ name }) => well.some((member) => member.name === name && member.role === role));
    const [primary, standby, other] = [find('leader'), find('sync_standby'), find('replica')];
    return { ...(primary && { primary }), ...(standby && { standby }), ...(other && { other }) };
  }

  /** Patroni says of a standby that it runs before it has found its way back. */
  async function standbysOf(primary: ClusterServer): Promise<ClusterServer[]> {
    const streaming = "select application_name as name from pg_stat_replication where state = 'streaming'";
    const found = await queryPostgres(administration(primary), streaming).catch(() => []);
    return servers.filter(({ name }) => found.some((row) => row.name === name));
  }

  async function whole(copyAfterMs = 30_000): Promise<Roles> {
    const begun = performance.now();
    let areCopied = false;
    for (;;) {
      const { primary, standby, other } = await roles();
      const standbys = primary ? await standbysOf(primary) : [];
      if (primary && standby && other && standbys.length === 2) return { primary, standby, other };
      const passedMs = performance.now() - begun;
      if (passedMs > patienceMs) throw new Error(await tellLogs(folder));
      // As an operator does with a server that doesn't come back: one that died while it was being rewound can't.
      if (primary && !areCopied && passedMs > copyAfterMs) {
        areCopied = true;
        const lost = servers.filter((server) => server !== primary && !standbys.includes(server));
        await Promise.all(lost.map((server) => post(server, '/reinitialize', { force: true })));
      }
      await pause(100);
    }
  }

  /** Asks Patroni of the server for something; undefined where it doesn't answer. */
  async function post(server: ClusterServer, path: string, body: unknown): Promise<Response | undefined> {
    const number = 1 + servers.findIndex(({ name }) => name === server.name);
    return await fetch(`http://${network.inside(number)}:8008${path}`, {
      method: 'POST',
      headers: apiHeaders,
      body: JSON.stringify(body),
    }).catch(() => undefined);
  }

  const first = await whole(patienceMs);
  const admin = administration(first.primary);
  await queryPostgres(admin, `create role onramp login password '${password}'`);
  await queryPostgres(admin, `create database ${database} owner onramp`);
  const address = (host: string, port: number) => `postgres://onramp:${password}@${host}:${port}/${database}`;

  const addresses = {
    servers: joinAddresses(numbers.map((number) => address(network.forClients(number), 5432))),
    balancer: address(network.balancer, 5000),
    pooler: address(network.balancer, 6432),
  };

  let haproxy: ChildProcess | undefined;
  const haproxySettings = await write('haproxy.cfg', await files.haproxy());
  const balancer = {
    async start() {
      haproxy ??= await run('haproxy', [programs.haproxy, '-db', '-f', haproxySettings]);
    },
    async kill() {
      const ended = haproxy && once(haproxy, 'exit');
      haproxy?.kill('SIGKILL');
      await ended;
      haproxy = undefined;
    },
  };
  await balancer.start();
  // Until it has asked each server once, it leads to all of them in turn.
  const isPrimary = () =>
    queryPostgres(addresses.balancer, 'show transaction_read_only').then(
      ([row]) => row?.transaction_read_only === 'off',
      () => false,
    );
  for (let inRow = 0; inRow < numbers.length; ) {
    const isRight = await isPrimary();
    inRow = isRight ? inRow + 1 : 0;
    if (!isRight) await pause(100);
  }
  const users = await write('userlist.txt', `"onramp" "${password}"\n`);
  await run('pgbouncer', [programs.pgbouncer, await write('pgbouncer.ini', await files.pgbouncer(users))]);

  while (!(await queryPostgres(addresses.pooler, 'select 1').catch(() => undefined))) await pause(100);

  return {
    servers,
    addresses,
    roles,
    whole: () => whole(),
    async switchOver() {
      const until = performance.now() + patienceMs;
      for (;;) {
        const { primary, standby } = await whole();
        const asked = { leader: primary.name, candidate: standby.name };
        const answer = await post(primary, '/switchover', asked);
        if (answer?.ok) return;
        // Right after a failover it may not be sure yet that the standby is one.
        if (performance.now() > until) throw new Error(`No switchover: ${await answer?.text()}`);
        await pause(500);
      }
    },
    balancer,
    async remove() {
      for (const { links } of servers) for (const { proxy } of links) proxy.close();
      const ended = once(guard, 'exit');
      guard.stdin?.end();
      await ended;
    },
  };
}

interface Link {
  neighbour: Neighbour;
  proxy: TcpProxy;
}

/** What was unpacked into a checkout may stand where only its owner can read it; the servers run as somebody else. */
function copyPrograms(folder: string): Record<ClusterProgram | 'modules', string> {
  const find = (program: ClusterProgram): string => {
    const path = findClusterProgram(program);
    if (!path) throw new Error(`${program} wasn't found: \`node tools/setup.mjs --tests\` installs it.`);
    if (!path.startsWith(unpackedCluster.folder)) return path;
    const copy = join(folder, basename(path));
    cpSync(path, copy);
    return copy;
  };
  const modules = join(folder, 'modules');
  if (existsSync(unpackedCluster.modules)) cpSync(unpackedCluster.modules, modules, { recursive: true });
  return {
    etcd: find('etcd'),
    patroni: find('patroni'),
    haproxy: find('haproxy'),
    pgbouncer: find('pgbouncer'),
    modules,
  };
}

/**
 * Starts a program, says its number at descriptor 3, and takes in what it leaves behind: in containers nobody else may do
 * that, and a PostgreSQL that was killed would look to Patroni as though it were still there.
 */
const reaper = `import ctypes, os, sys
PR_SET_CHILD_SUBREAPER = 36
ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
os.write(3, str(os.spawnv(os.P_NOWAIT, sys.argv[1], sys.argv[1:])).encode())
try:
    while True: os.wait()
except ChildProcessError:
    pass
`;

/** A shell that outlives this process, whose end it sees in its standard input: it ends everything, frozen or not. */
function startGuard(folder: string): ChildProcess {
  const script = `read -r _
    cat "$0"/pids/* | while read -r pid; do kill -KILL "$pid"; done
    for file in "$0"/data*/postmaster.pid; do
      pid=$(head -n 1 "$file"); kill -CONT "$pid"; kill -QUIT "$pid"; for child in $(cat "/proc/$pid/task/$pid/children"); do kill -CONT "$child"; done
    done
    for _ in $(seq 60); do rm -rf "$0" && break; sleep 0.1; done`;
  return spawn('sh', ['-c', script, folder], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
}

/** The address of what is there before the service's database is. */
function administration({ url }: ClusterServer): string {
  return Object.assign(new URL(url), { pathname: 'postgres' }).href;
}

function childrenOf(pid: number): number[] {
  const text = execFileSync('cat', [`/proc/${pid}/task/${pid}/children`], { encoding: 'utf8' });
  return text.split(' ').filter(Boolean).map(Number);
}

function isThere(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

async function tellLogs(folder: string): Promise<string> {
  const texts = [1, 2, 3].map((number) =>
    readFile(join(folder, `patroni${number}.log`), 'utf8').catch(String),
  );
  return `The cluster isn't whole:\n${(await Promise.all(texts)).map((text) => text.slice(-2_000)).join('\n')}`;
}
