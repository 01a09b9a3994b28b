import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unpackFromDebian } from './debian.mjs';
import { run, SetupError } from './progress.mjs';

/** The web servers of the guide for a first-party proxy, and of docs/edge.md. */
const programs = {
  nginx: { variable: 'NGINX_PATH', inPackage: 'usr/sbin/nginx', greeting: '-v' },
  caddy: { variable: 'CADDY_PATH', inPackage: 'usr/bin/caddy', greeting: 'version' },
};
const unpacked = fileURLToPath(new URL('../.cache/debian/proxies', import.meta.url));

/** @typedef {keyof typeof programs} ProxyId */
/** @type {ProxyId[]} */
const ids = ['nginx', 'caddy'];

/**
 * Where the program is: in the place that the environment names, or on PATH, or as it was unpacked.
 * @param {ProxyId} id
 * @returns {string | undefined}
 */
export function findProxy(id) {
  const { variable, inPackage } = programs[id];
  const { [variable]: named, PATH = '' } = process.env;
  if (named) return named;
  return [...PATH.split(delimiter).map((folder) => join(folder, id)), join(unpacked, inPackage)].find(
    existsSync,
  );
}

/**
 * Sees to it that there are both: those that are there, or else Debian's, unpacked.
 * @param {(doing: string) => void} report
 * @returns {Promise<string>} what was found
 */
export async function installProxies(report) {
  const missing = ids.filter((id) => !findProxy(id));
  const output = missing.length ? await unpackFromDebian(missing, unpacked, report) : '';
  for (const id of ids) {
    const path = findProxy(id);
    const started = path ? await run(path, [programs[id].greeting]) : { ok: false, output };
    if (started.ok) continue;
    throw new SetupError(
      `${started.output}\n${id} wasn't found, or doesn't start. Install it with your package manager (Debian: ${id}), ` +
        `or set ${programs[id].variable} to its path.`,
    );
  }
  return ids.join(', ');
}
