import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import packageJson from '../../../package.json' with { type: 'json' };
import { readFiles } from './files.ts';

const root = resolve(import.meta.dirname, '../../..');

/** A package as a stranger has it: packed, and installed from its file in a folder outside of this repository. */
export interface Installed {
  folder: string;
  tarball: string;
  /** The package's files by their paths, as text. */
  files: ReadonlyMap<string, string>;
  write(path: string, text: string): Promise<void>;
  /** Runs a command line as it is typed in the folder; resolves to all that it said, and rejects when it fails. */
  run(commandLine: string, env?: Record<string, string>): Promise<string>;
  remove(): Promise<void>;
}

export async function installPackage(name: 'onramp-pixel' | 'onramp-marketplace'): Promise<Installed> {
  const folder = await mkdtemp(join(tmpdir(), `${name}-`));
  const run = (commandLine: string, env = {}) => runLine(folder, commandLine, env);
  const workspace = name === 'onramp-pixel' ? '' : `--workspace ${name}`;
  await runLine(root, `npm pack --silent ${workspace} --pack-destination "${folder}"`, {});
  const file = `${name}-${packageJson.version}.tgz`;
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  await run(`npm install ./${file} --prefer-offline --no-audit --no-fund`);
  return {
    folder,
    tarball: join(folder, file),
    files: await readFiles(join(folder, 'node_modules', name)),
    write: (path, text) => writeFile(join(folder, path), text),
    run,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function runLine(cwd: string, commandLine: string, env: Record<string, string>): Promise<string> {
  // What it installed itself, and else what the machine has: none of this repository's programs but its Node.
  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', commandLine], {
    cwd,
    env: { ...process.env, NODE_ENV: undefined, ...env, PATH: machinePath() },
  });
  return stdout + stderr;
}

function machinePath(): string {
  const node = resolve(root, 'node_modules/node/bin');
  const others = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.startsWith(root));
  return [node, ...others].join(delimiter);
}

/** What only the machine on which it was packed has, and what only one registry has. */
const places = new RegExp(
  [...[root, homedir(), tmpdir()].map((place) => `${place}/`), '//registry\\.'].join('|'),
);

/** The files that name a place of this machine, or a registry. */
export function findPlaces({ files }: Installed): string[] {
  return [...files].filter(([, text]) => places.test(text)).map(([path]) => path);
}
