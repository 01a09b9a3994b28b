import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename } from 'node:fs/promises';
import { resolve } from 'node:path';
import { run } from '../../../tools/progress.mjs';

const version = '0.7.22';
/** As the registry says it; so the tarball needs no lock file. */
const integrity = 'NkaFxS4S8160/zH1UQzCSYIIsAtwIDHIkJ7xofCrgRqk14OSY+OJuwCjYyW+q5fmIeF4RvsuBH6brPe2BS9Z0A==';
const cache = resolve(import.meta.dirname, '../../../.cache');
const folder = resolve(cache, `klaro-${version}`);

/**
 * Klaro as pages load it. Not by an install: what it is built with, a linter and Sass, is among what it depends on, and
 * would be a hundred packages.
 */
export async function readKlaro(): Promise<string> {
  if (!existsSync(folder)) await download();
  return readFileSync(resolve(folder, 'package/dist/klaro-no-css.js'), 'utf8');
}

async function download(): Promise<void> {
  await mkdir(cache, { recursive: true });
  const unpacked = await mkdtemp(`${folder}-`);
  const tarball = resolve(unpacked, `klaro-${version}.tgz`);
  const steps = [
    () => run('npm', ['pack', `klaro@${version}`, '--pack-destination', unpacked]),
    async () => {
      const found = createHash('sha512').update(readFileSync(tarball)).digest('base64');
      return { ok: found === integrity, output: `klaro ${version} has another hash: ${found}` };
    },
    () => run('tar', ['-xzf', tarball, '-C', unpacked]),
    // In one move, so that nobody finds half of it.
    async () => ({ ok: await rename(unpacked, folder).then(() => true), output: '' }),
  ];
  for (const step of steps) {
    const { ok, output } = await step();
    if (!ok) throw new Error(`${output}\nKlaro could not be had. Is npm's registry in reach?`);
  }
}
