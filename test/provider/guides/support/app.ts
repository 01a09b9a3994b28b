import { mkdtemp, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import packageJson from '../../../../package.json' with { type: 'json' };
import { frameworksFolder } from '../../../../tools/frameworks.mjs';
import { readGuide, writeGuide } from './guide.ts';
import { runProgram } from './program.ts';

const root = resolve(import.meta.dirname, '../../../..');

/**
 * A folder with the kit as it is packed and installed: that is a new user's first minute, and may take one. The apps
 * are written below it, and it is removed by the test.
 */
export async function installKit(): Promise<string> {
  const folder = await mkdtemp(resolve(frameworksFolder, 'guides-'));
  await writeFile(resolve(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  await mustRun('npm', ['pack', '--pack-destination', folder], root);
  const file = `./onramp-pixel-${packageJson.version}.tgz`;
  await mustRun('npm', ['install', file, '--offline', '--no-audit', '--no-fund'], folder);
  return folder;
}

async function mustRun(command: string, args: string[], cwd: string): Promise<void> {
  const { exitCode, output } = await runProgram(command, args, { cwd, env: {} });
  if (exitCode !== 0) throw new Error(output);
}

/** The app of a guide in a folder of its own, as it stands or with one text replaced, and the commands to type. */
export async function writeGuideApp(
  folder: string,
  guide: string,
  change?: [text: string, replacement: string],
) {
  const cwd = await mkdtemp(resolve(folder, `${guide}-`));
  const { files, ...app } = await readGuide(`guides/${guide}`);
  await writeGuide({ files }, cwd, change);
  return { cwd, ...app };
}
