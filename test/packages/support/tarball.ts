import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFiles } from './files.ts';

/** The files of a package by their paths, as text. */
export async function readTarball(tarball: string): Promise<ReadonlyMap<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'onramp-tarball-'));
  try {
    execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components', '1']);
    return await readFiles(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
