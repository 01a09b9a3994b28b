import { exec } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import packageJson from '../../../package.json' with { type: 'json' };
import { frameworksFolder, installFrameworks } from '../../../tools/frameworks.mjs';
import { readGuide, writeGuide } from '../../provider/guides/support/guide.ts';

const root = resolve(import.meta.dirname, '../../..');
/** What `npx` finds in an app that has the bundlers installed. */
const programs = [frameworksFolder, root].map((folder) => resolve(folder, 'node_modules/.bin'));

/** A user's app that has the package as npm packs it, the bundlers, and the code of docs/module.md. */
export interface App {
  folder: string;
  /** The commands of the page that call a bundler, by its name. */
  commands: ReadonlyMap<string, string>;
  read(path: string): Promise<string>;
  write(path: string, text: string): Promise<void>;
  /** Runs a command line as a user types it; resolves to all that it said, and rejects when it fails. */
  run(commandLine: string, env?: Record<string, string>): Promise<string>;
  /** All scripts below the folder, joined. */
  readScripts(path: string): Promise<string>;
  remove(): Promise<void>;
}

export async function createApp(): Promise<App> {
  await installFrameworks(() => undefined);
  // Below the bundlers, so that they are found from there.
  const folder = await mkdtemp(resolve(frameworksFolder, 'module-'));
  await mkdir(resolve(folder, 'node_modules/onramp-pixel'), { recursive: true });
  const run = (commandLine: string, env = {}) => runCommand(folder, commandLine, env);
  await run(`npm pack "${root}" --ignore-scripts`);
  await run(
    `tar -xzf onramp-pixel-${packageJson.version}.tgz -C node_modules/onramp-pixel --strip-components 1`,
  );
  const page = await readGuide('module');
  await writeGuide(page, folder);
  const calls = page.commands.flatMap((line): [string, string][] => {
    const name = /^npx (\S+)/.exec(line)?.[1];
    return name ? [[name, line]] : [];
  });
  return {
    folder,
    commands: new Map(calls),
    read: (path) => readFile(resolve(folder, path), 'utf8'),
    write: (path, text) => writeFiles(folder, [[path, text]]),
    run,
    readScripts: (path) => readScriptsBelow(resolve(folder, path)),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Writes files below the folder, by their paths. */
export async function writeFiles(
  folder: string,
  files: readonly (readonly [path: string, text: string])[],
): Promise<void> {
  for (const [path, text] of files) {
    const file = resolve(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

/** Runs a command line in a folder below the frameworks, as a user types it; rejects when it fails. */
export async function runCommand(
  cwd: string,
  commandLine: string,
  env: Record<string, string>,
): Promise<string> {
  const PATH = [...programs, process.env.PATH].join(delimiter);
  // npx itself would look into the registry for what it doesn't find at once.
  const { stdout, stderr } = await promisify(exec)(commandLine.replace(/^npx /, ''), {
    cwd,
    // Vitest's own mode would be the bundlers', too.
    env: { ...process.env, NODE_ENV: undefined, ...env, PATH },
  });
  return stdout + stderr;
}

export async function readScriptsBelow(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true });
  const scripts = names.filter((name) => name.endsWith('.js'));
  return (await Promise.all(scripts.map((name) => readFile(resolve(folder, name), 'utf8')))).join('\n');
}

/** How often the text holds the pixel, by the path that it sends to: a text that no minifier changes. */
export function countPixels(script: string): number {
  return script.split('/api/SaasTrackings').length - 1;
}

/** What a bundler says where it can't follow an import, or where anything else is not as it likes it. */
export const complaint = /warn|\(!\)|critical dependency|cannot be analyzed/i;
