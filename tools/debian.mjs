import { mkdir } from 'node:fs/promises';
import { run } from './progress.mjs';

/** @type {ReturnType<typeof run> | undefined} */
let updating;

/** The list of packages is fetched once for all that a setup installs. */
const updateList = () => {
  updating ??= run('apt-get', ['update']);
  return updating;
};

/**
 * Installs Debian's packages, where this is Debian and may be done; else does nothing.
 * @param {string[]} packages
 * @param {(doing: string) => void} report
 * @returns {Promise<string>} what went wrong
 */
export async function installFromDebian(packages, report) {
  if (process.getuid?.() !== 0) return '';
  report(`installing ${packages.join(', ')} with apt-get`);
  const update = await updateList();
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = await run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], env);
  return install.ok ? '' : `apt-get:\n${update.output}${install.output}\n`;
}

/**
 * Unpacks Debian's packages into a folder, with none of what they depend on, where this is Debian. It changes nothing of the
 * machine: an installed server would start by itself.
 * @param {string[]} packages
 * @param {string} folder
 * @param {(doing: string) => void} report
 * @returns {Promise<string>} what went wrong
 */
export async function unpackFromDebian(packages, folder, report) {
  report(`unpacking ${packages.join(', ')}`);
  await mkdir(folder, { recursive: true });
  const script =
    'cd "$0" && apt-get download "$@" && for file in *.deb; do dpkg -x "$file" . && rm "$file"; done';
  const unpack = () => run('sh', ['-ec', script, folder, ...packages]);
  const first = await unpack();
  if (first.ok || process.getuid?.() !== 0) return first.ok ? '' : first.output;
  // A new machine has no list of packages yet.
  const update = await updateList();
  const second = await unpack();
  return second.ok ? '' : `apt-get:\n${update.output}${second.output}\n`;
}
