import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { run, SetupError } from '../tools/progress.mjs';
import { peersFolder } from './peers/packages.ts';

/** Says for which lock file the peers were installed; it goes away with them. */
const stamp = resolve(peersFolder, 'node_modules/.setup-stamp');

/** Installs the peers that the bench's own lock file names, unless that was done before. */
export async function installPeers(report: (doing: string) => void): Promise<string> {
  const lock = await readFile(resolve(peersFolder, 'package-lock.json'));
  const wanted = createHash('sha256').update(lock).digest('hex');
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return 'up to date';
  report('installing with npm ci');
  const { ok, output } = await run('npm', ['ci', '--prefix', peersFolder]);
  if (!ok)
    throw new SetupError(
      `${output}\nThe peers could not be installed, see above. Is npm's registry in reach?`,
    );
  await writeFile(stamp, wanted);
  return 'installed';
}
