import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installOptions, machineEnvironment } from './packages.mjs';
import { run, SetupError } from './progress.mjs';

/** Names what guides are tried with; the tests are beside it. */
const named = fileURLToPath(new URL('../test/provider/frameworks/', import.meta.url));

/** Where they are installed, and the guides' programs below: out of the way of everything that reads the tree. */
export const frameworksFolder = fileURLToPath(new URL('../.cache/frameworks', import.meta.url));

/** Says for which lock file they were installed; it goes away with them. */
const stamp = join(frameworksFolder, 'node_modules/.setup-stamp');

/**
 * Installs the frameworks that the lock file names, unless that was done before.
 * @param {(doing: string) => void} report
 * @returns {Promise<string>}
 */
export async function installFrameworks(report) {
  const lock = await readFile(join(named, 'package-lock.json'));
  const wanted = createHash('sha256').update(lock).digest('hex');
  const found = await readFile(stamp, 'utf8').catch(() => '');
  if (found === wanted) return 'up to date';

  report('installing with npm ci');
  await mkdir(frameworksFolder, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) {
    await copyFile(join(named, file), join(frameworksFolder, file));
  }
  const args = ['ci', '--prefix', frameworksFolder, ...installOptions];
  const { ok, output } = await run('npm', args, machineEnvironment());
  if (!ok) {
    throw new SetupError(`${output}\nThe frameworks could not be installed. Is npm's registry in reach?`);
  }
  await writeFile(stamp, wanted);
  return 'installed';
}
