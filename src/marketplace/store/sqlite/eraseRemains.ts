import type Database from 'better-sqlite3';
import { StoreUnavailableError } from '../store.ts';
import { withPatience } from './patience.ts';

const maxCheckpoints = 20;

/**
 * Writes the file anew, without what was deleted, and empties the log that still has it: deleted rows are zeroed as
 * they go (secure_delete), but a page that was split or merged may hold an old copy in its unused part.
 *
 * @throws StoreUnavailableError when other processes didn't let it finish
 */
export async function eraseRemains(connection: Database.Database): Promise<void> {
  await withPatience(() => connection.exec('vacuum'));
  for (let tries = 1; tries <= maxCheckpoints; tries++) {
    const busy = connection.pragma('wal_checkpoint(truncate)', { simple: true });
    if (busy === 0) return;
  }
  throw new StoreUnavailableError(new Error('Another process is reading, so the log could not be emptied.'));
}
