import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Takes what is to be done at the end: of the test, or of the file where something is for all tests of it. */
export type AtEnd = (work: () => void | Promise<void>) => unknown;

/** A folder that goes when the test ends. */
export async function temporaryFolder(atEnd: AtEnd = onTestFinished): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'onramp-marketplace-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The service serves what it is given; what the real script does is tested in browsers. */
export const scriptSource = `/* the pixel */\n${'console.log("onramp");\n'.repeat(40)}`;
export const panelSource = scriptSource.replace('the pixel', 'the panel');

export async function writeScript(folder: string, name: string, source: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, source);
  return path;
}
