import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const memory = '/dev/shm';
const roomBytes = 1024 ** 3;

/**
 * Where tests write what goes with them: in memory, where there is room. They end processes and not the machine, so what
 * is committed needs to reach the system only; on a disk each commit waits for it, which is most of what they'd take.
 */
export function findTemporaryFolder(): string {
  return roomIn(memory) > roomBytes ? memory : tmpdir();
}

function roomIn(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    // Other systems have no such folder.
    return 0;
  }
}
