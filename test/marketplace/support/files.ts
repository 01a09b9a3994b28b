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

export async function writeScript(folder: string): Promise<string> {
  const path = join(folder, 'onramp.js');
  await writeFile(path, scriptSource);
  return path;
}
