import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { run } from '../../../tools/progress.mjs';

/** Where they are installed, and the guides' programs below: out of the way of everything that reads the tree. */
export const frameworksFolder = resolve(import.meta.dirname, '../../../.cache/frameworks');
/** Says for which lock file they were installed; it goes away with them. */
const stamp = resolve(frameworksFolder, 'node_modules/.setup-stamp');

/** Installs the frameworks that the lock file beside this names, unless that was done before: half a minute. */
export async function installFrameworks(): Promise<void> {
  const files = ['package.json', 'package-lock.json'];
  const lock = await readFile(resolve(import.meta.dirname, 'package-lock.json'));
  const wanted = createHash('sha256').update(lock).digest('hex');
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return;
  await mkdir(frameworksFolder, { recursive: true });
  for (const file of files)
    await copyFile(resolve(import.meta.dirname, file), resolve(frameworksFolder, file));
  const { ok, output } = await run('npm', ['ci', '--prefix', frameworksFolder, '--no-audit', '--no-fund']);
  if (!ok) throw new Error(`${output}\nThe frameworks could not be installed. Is npm's registry in reach?`);
  await writeFile(stamp, wanted);
}
