import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installFromDebian, unpackFromDebian } from './debian.mjs';
import { run, SetupError } from './progress.mjs';

/** What docs/cluster.md is made of, beside PostgreSQL. */
const programs = {
  etcd: { inPackage: 'usr/bin/etcd', debianPackage: 'etcd-server' },
  patroni: { inPackage: 'usr/bin/patroni', debianPackage: 'patroni' },
  haproxy: { inPackage: 'usr/sbin/haproxy', debianPackage: 'haproxy' },
  pgbouncer: { inPackage: 'usr/sbin/pgbouncer', debianPackage: 'pgbouncer' },
};
/** What those need to start. None of these is a service. */
const libraries = [
  'libc-ares2',
  'libevent-2.1-7',
  'liblua5.3-0',
  'libopentracing-c-wrapper0',
  'python3-click',
  'python3-dateutil',
  'python3-etcd',
  'python3-prettytable',
  'python3-psutil',
  'python3-psycopg2',
  'python3-urllib3',
  'python3-yaml',
];
const folder = fileURLToPath(new URL('../.cache/debian/cluster', import.meta.url));

/** Where they are unpacked, and in it what Patroni finds its own modules by: PYTHONPATH. */
export const unpackedCluster = { folder, modules: join(folder, 'usr/lib/python3/dist-packages') };

/** @typedef {keyof typeof programs} ClusterProgram */
/** @type {ClusterProgram[]} */
const names = ['etcd', 'patroni', 'haproxy', 'pgbouncer'];

/**
 * Where the program is: on PATH, or in a folder of servers, or as it was unpacked.
 * @param {ClusterProgram} name
 * @returns {string | undefined}
 */
export function findClusterProgram(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  return [...folders.map((each) => join(each, name)), join(folder, programs[name].inPackage)].find(
    existsSync,
  );
}

/**
 * Sees to it that there are all of them: those that are there, or else Debian's, unpacked: installed, each would start
 * as a service of the machine.
 * @param {(doing: string) => void} report
 * @returns {Promise<string>} what was found
 */
export async function installCluster(report) {
  const missing = names.filter((name) => !findClusterProgram(name));
  const packages = missing.map((name) => programs[name].debianPackage);
  const output = missing.length
    ? (await installFromDebian(libraries, report)) + (await unpackFromDebian(packages, folder, report))
    : '';
  for (const name of names) {
    const path = findClusterProgram(name);
    const started = path ? await start(name, path) : { ok: false, output };
    if (started.ok) continue;
    throw new SetupError(
      `${started.output}\n${name} wasn't found, or doesn't start. Install it with your package manager ` +
        `(Debian: ${names.map((each) => programs[each].debianPackage).join(', ')}, python3-etcd).`,
    );
  }
  return names.join(', ');
}

/**
 * @param {ClusterProgram} name
 * @param {string} path
 */
async function start(name, path) {
  const env = { ...process.env, PYTHONPATH: unpackedCluster.modules };
  return await run(path, [name === 'haproxy' ? '-v' : '--version'], env);
}
