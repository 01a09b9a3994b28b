import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder that goes when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'onramp-marketplace-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
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
