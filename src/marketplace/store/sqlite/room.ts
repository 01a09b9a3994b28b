import { statfs } from 'node:fs/promises';
import { StoreUnavailableError } from '../store.ts';

/** Of one commit with some hundred purchases; a single page fits where they no longer do. */
const neededBytes = 1024 * 1024;

/** @throws StoreUnavailableError when the file's disk has less room than a commit may need */
export async function checkRoom(path: string): Promise<void> {
  const { bavail, bsize } = await statfs(path);
  if (bavail * bsize >= neededBytes) return;
  throw new StoreUnavailableError(
    new Error(`${bavail * bsize} bytes are free.`),
    'the disk of its database is full',
  );
}
