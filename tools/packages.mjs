import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { delimiter } from 'node:path';
import { run, SetupError } from './progress.mjs';

/** Says for which lock file node_modules was filled; it goes away with node_modules. */
const stamp = 'node_modules/.setup-stamp';
const pinnedNode = 'node_modules/.bin/node';

/**
 * Of `npm ci`: nobody is shown its audit, or who asks for funds, and what it fetched before is as the lock file says, so that
 * it needn't ask the registry again.
 */
export const installOptions = ['--no-audit', '--no-fund', '--prefer-offline'];

/**
 * Installs what package-lock.json names, unless that was done before.
 * @param {(doing: string) => void} report
 * @returns {Promise<string>}
 */
export async function installPackages(report) {
  const wanted = createHash('sha256')
    .update(await readFile('package-lock.json'))
    .digest('hex');
  const found = await readFile(stamp, 'utf8').catch(() => '');
  if (found === wanted) return 'up to date';

  report('installing with npm ci');
  const install = await run('npm', ['ci', ...installOptions], machineEnvironment());
  if (!install.ok) {
    throw new SetupError(
      `${withoutEngineWarnings(install.output)}\nnpm ci failed, see above. Check the network and npm's registry,` +
        " then run this again; where npm says that package.json and package-lock.json differ, run 'npm install'.",
    );
  }
  const node = await run(pinnedNode, ['--version']);
  if (!node.ok) {
    throw new SetupError(
      `${node.output}\nThe packages are there, but the pinned Node (${pinnedNode}) doesn't run. An install script` +
        " puts it in place: check that 'npm config get ignore-scripts' says false, then run this again.",
    );
  }
  await writeFile(stamp, wanted);
  return `installed, running on Node ${node.output.trim()}`;
}

/**
 * The environment without the project's own commands: npm has to run on the machine's Node, since npm ci
 * deletes the pinned one under its feet.
 * @returns {NodeJS.ProcessEnv}
 */
export function machineEnvironment() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const PATH = folders.filter((folder) => !folder.endsWith('node_modules/.bin')).join(delimiter);
  return { ...process.env, PATH };
}

/**
 * npm warns of packages that need a newer Node than its own; they run on the pinned one.
 * @param {string} output
 */
function withoutEngineWarnings(output) {
  const lines = output.split('\n');
  return lines.filter((line) => !line.startsWith('npm warn EBADENGINE')).join('\n');
}
