import { randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { cpus, loadavg, release, type as systemName, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { median } from '../measures/median.ts';

const gigabyte = 1024 ** 3;
const syncs = 100;
/** As large as a commit of some dozen purchases. */
const syncedBytes = 64 * 1024;

/** The load average tells a reader whether the machine had something else to do. */
export function describeMachine(generator: string): string {
  const processors = cpus();
  return [
    `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}`,
    `${Math.round(totalmem() / gigabyte)} GB of memory`,
    `${systemName()} ${release()}`,
    `Node ${process.versions.node}`,
    generator,
    `load average ${(loadavg()[0] ?? Number.NaN).toFixed(1)} at the start`,
  ].join(', ');
}

/** What it takes to write 64 KiB at the end of a temporary file and to have it on disk, in milliseconds. */
export async function measureSync(): Promise<number> {
  const path = join(tmpdir(), `onramp-bench-${randomUUID()}`);
  const file = await open(path, 'w');
  const times: number[] = [];
  try {
    for (let index = 0; index < syncs; index++) {
      const start = performance.now();
      await file.write(Buffer.alloc(syncedBytes, index));
      await file.datasync();
      times.push(performance.now() - start);
    }
  } finally {
    await file.close();
    await rm(path);
  }
  return median(times);
}
