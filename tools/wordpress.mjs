import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installFromDebian, unpackFromDebian } from './debian.mjs';
import { installPhp } from './php.mjs';
import { SetupError } from './progress.mjs';

/** WordPress' files, unpacked: its package would bring a web server, which starts by itself. */
const unpacked = fileURLToPath(new URL('../.cache/debian/wordpress', import.meta.url));
export const wordPressFolder = join(unpacked, 'usr/share/wordpress');
const packages = ['wordpress', 'php-getid3', 'libjs-underscore', 'libjs-cropper'];

const advice =
  'WordPress is tried on Debian alone: it needs the packages mariadb-server-core, php-cli, php-mysql and zip, and apt-get to ' +
  `fetch ${packages.join(', ')}.`;

/**
 * A program on PATH, or among those for administrators.
 * @param {'mariadbd' | 'zip'} name
 * @returns {string | undefined}
 */
export function findTool(name) {
  const { PATH = '' } = process.env;
  return [...PATH.split(delimiter), '/usr/sbin'].map((folder) => join(folder, name)).find(existsSync);
}

/**
 * Sees to it that a real WordPress can be started. No server of the machine's own starts or changes.
 * @param {(doing: string) => void} report
 * @returns {Promise<string>} what was found
 */
export async function installWordPress(report) {
  const php = await installPhp(report, ['mysqli']);
  let output = '';
  if (!isThere()) output += await installFromDebian(['mariadb-server-core', 'zip'], report);
  if (!existsSync(wordPressFolder)) output += await unpackFromDebian(packages, unpacked, report);
  if (isThere() && existsSync(wordPressFolder)) return `WordPress, MariaDB, ${php}`;
  throw new SetupError(`${output}\n${advice}`);
}

const isThere = () => Boolean(findTool('mariadbd') && findTool('zip'));
