/**
 * `npm run release -- <version>`: everything of a release but publishing it, which is a person's to do; docs/releases.md
 * says what is in one.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { release } from './release/release.ts';

const root = resolve(import.meta.dirname, '..');
const [version] = process.argv.slice(2);

async function test(): Promise<void> {
  const child = spawn('npm', ['test'], { cwd: root, stdio: 'inherit' });
  const [exitCode] = await once(child, 'exit');
  if (exitCode !== 0) throw new Error('The tests failed. "git restore ." takes the stamped version back.');
}

if (version === undefined) {
  console.error('usage: npm run release -- <version>');
  process.exitCode = 2;
} else {
  const date = new Date().toISOString().slice(0, 10);
  try {
    const folder = await release({ root, version, date, check: test, say: console.log });
    console.log(`
${folder} is ready, and nothing is published. To do so:

  git commit --all --message "Release ${version}"
  git tag v${version}
  npm publish ./${folder}/onramp-pixel-${version}.tgz
  npm publish ./${folder}/onramp-marketplace-${version}.tgz`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
