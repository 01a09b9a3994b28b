import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** All files below the folder as text, by their paths; without what is installed there. */
export async function readFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !path.startsWith('node_modules/'));
  return new Map(
    await Promise.all(
      paths
        .sort()
        .map(async (path) => [path, await readFile(join(folder, path), 'utf8')] satisfies [string, string]),
    ),
  );
}
