import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { open, rm, statfs } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SetupError } from '../../tools/progress.mjs';
import { median } from '../measures/median.ts';

const syncs = 100;
/** As large as a commit of some dozen purchases. */
const syncedBytes = 64 * 1024;

/** What it takes to write 64 KiB at the end of a file in the folder and to have it on disk, in milliseconds. */
export async function measureSync(folder: string): Promise<number> {
  const path = join(folder, `onramp-bench-${randomUUID()}`);
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

/** @throws SetupError where the folder's disk has less room */
export async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  const gigabytes = (count: number) => `${Math.ceil(count / 1e9)} GB`;
  throw new SetupError(
    `The ledgers need ${gigabytes(bytes)} in ${folder}, where ${gigabytes(bavail * bsize)} are free. ` +
      'Set TMPDIR to a folder with more, or use --quick.',
  );
}

/** The file system that the folder is on, and whether it has a journal, as far as Linux tells. */
export function describeDisk(folder: string): string {
  const mount = findMount(readFileSync('/proc/mounts', 'utf8'), realpathSync(folder));
  return mount ? describeMount(mount, readJournalTask(mount.device)) : 'a file system that is not told';
}

export interface Mount {
  device: string;
  folder: string;
  type: string;
}

/** The mount that the folder belongs to: the longest above it, and the last of these. */
export function findMount(mounts: string, folder: string): Mount | undefined {
  return mounts
    .split('\n')
    .map((line) => line.split(' ').map((field) => field.replaceAll('\\040', ' ')))
    .map(([device = '', mounted = '', type = '']) => ({ device, folder: mounted, type }))
    .filter((mount) =>
      `${folder}/`.startsWith(mount.folder.endsWith('/') ? mount.folder : `${mount.folder}/`),
    )
    .reduce<Mount | undefined>(
      (best, mount) => (mount.folder.length >= (best?.folder.length ?? 0) ? mount : best),
      undefined,
    );
}

/** What ext4 says of the thread that writes its journal; undefined where it says nothing. */
function readJournalTask(device: string): string | undefined {
  const name = existsSync(device) ? basename(realpathSync(device)) : '';
  const path = `/sys/fs/ext4/${name}/journal_task`;
  return name && existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}

/** @param journalTask the id of the process that writes ext4's journal, `<none>` where there is none */
export function describeMount({ device, type }: Mount, journalTask: string | undefined): string {
  return `${type} ${journalOf(type, journalTask)} (${device})`;
}

function journalOf(type: string, journalTask: string | undefined): string {
  if (type === 'ext4') {
    if (journalTask === undefined) return 'that does not tell whether it has a journal';
    return journalTask === '<none>' ? 'without a journal' : 'with a journal';
  }
  if (['ext3', 'xfs', 'jfs'].includes(type)) return 'with a journal';
  if (['ext2', 'vfat', 'exfat'].includes(type)) return 'without a journal';
  if (['btrfs', 'zfs', 'f2fs', 'bcachefs'].includes(type)) return 'with a log in place of a journal';
  if (['tmpfs', 'ramfs'].includes(type)) return 'in memory, where an fsync does nothing';
  if (type === 'overlay') return 'over a file system that cannot be seen from here';
  return 'of which it is not known whether it has a journal';
}
