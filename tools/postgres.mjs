import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { installFromDebian } from './debian.mjs';
import { run, SetupError } from './progress.mjs';

const oldestVersion = 14;
const programs = ['initdb', 'postgres', 'pg_basebackup'];
/** Debian keeps one folder for each version, and none of them on PATH. */
const debianFolder = '/usr/lib/postgresql';
const clusterSettings = '/etc/postgresql-common/createcluster.conf';
const advice =
  `Install PostgreSQL ${oldestVersion} or newer with your package manager (Debian: postgresql), or set ` +
  'POSTGRES_BIN to the folder of its programs.';

/**
 * The folder of the server's programs: the one that the environment names, or else the first on PATH that has
 * all of them, or else Debian's newest.
 * @returns {string | undefined}
 */
export function findPostgres() {
  const { POSTGRES_BIN, PATH = '' } = process.env;
  if (POSTGRES_BIN) return POSTGRES_BIN;
  const versions = existsSync(debianFolder) ? readdirSync(debianFolder) : [];
  const newestFirst = versions.sort((one, other) => Number(other) - Number(one));
  const folders = [
    ...PATH.split(delimiter),
    ...newestFirst.map((version) => join(debianFolder, version, 'bin')),
  ];
  return folders.find(hasPrograms);
}

/** @param {string} folder */
function hasPrograms(folder) {
  return programs.every((program) => existsSync(join(folder, program)));
}

/**
 * Whom the server runs as: PostgreSQL refuses to be root, so root runs it as the user that its packages make.
 * @returns {{uid?: number, gid?: number}} empty where it runs as whoever this is
 */
export function findServerUser() {
  if (process.getuid?.() !== 0) return {};
  /** @param {string} option */
  const id = (option) =>
    Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8', stdio: 'pipe' }));
  return { uid: id('-u'), gid: id('-g') };
}

/**
 * Sees to it that there is a PostgreSQL that the tests can start a server of: the one that is there, or else
 * Debian's where this may be installed.
 * @param {(doing: string) => void} report
 * @returns {Promise<string>} what was found
 */
export async function installPostgres(report) {
  const output = findPostgres() ? '' : await installServerOnly(report);
  const folder = findPostgres();
  if (!folder) throw new SetupError(`${output}PostgreSQL wasn't found. ${advice}`);
  const greeting = await run(join(folder, 'postgres'), ['--version']);
  if (!greeting.ok || !hasPrograms(folder)) {
    throw new SetupError(
      `${folder} isn't all of PostgreSQL (${programs.join(', ')}):\n${greeting.output}\n${advice}`,
    );
  }
  const version = / (\d+[\w.]*)/.exec(greeting.output.replace('(PostgreSQL)', ''))?.[1] ?? '';
  if (!(Number.parseInt(version, 10) >= oldestVersion)) {
    throw new SetupError(`${folder} is PostgreSQL ${version}. ${advice}`);
  }
  try {
    findServerUser();
  } catch {
    throw new SetupError("PostgreSQL doesn't run as root, and there is no user 'postgres' to run it as.");
  }
  return version;
}

/**
 * Debian's package makes a database cluster and runs it from then on, unless a setting says not to; that is put
 * back for whoever wants one later.
 * @param {(doing: string) => void} report
 */
async function installServerOnly(report) {
  const output = await installFromDebian(['postgresql-common'], report);
  if (output || !existsSync(clusterSettings)) return output;
  const settings = await readFile(clusterSettings);
  try {
    await appendFile(clusterSettings, '\ncreate_main_cluster = false\n');
    return await installFromDebian(['postgresql'], report);
  } finally {
    await writeFile(clusterSettings, settings);
  }
}
