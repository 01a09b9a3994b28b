import { execFile, type SpawnOptions, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

/** The command `onramp-marketplace`, as a user has it, run by the Node that runs the demo. */
const command = resolve(import.meta.dirname, '../node_modules/.bin/onramp-marketplace');
const execute = promisify(execFile);

/** Runs the command to its end and returns what it printed. */
export async function runCommand(...words: string[]): Promise<string> {
  const { stdout } = await execute(process.execPath, [command, ...words]);
  return stdout;
}

export function spawnCommand(words: string[], options: SpawnOptions) {
  return spawn(process.execPath, [command, ...words], options);
}
