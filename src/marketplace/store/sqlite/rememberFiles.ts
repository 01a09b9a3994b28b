import { statSync } from 'node:fs';
import { StoreUnavailableError } from '../errors.ts';

/**
 * Remembers which files the ledger's are; a connection has to have them open. A file that was deleted or replaced can
 * still be written by who has it open, and ends with the process. So what this returns is to be called after each
 * commit, before anybody is told of it: two looks of a microsecond. Only by name, for who opens and closes a file by
 * itself ends SQLite's locks on it: https://sqlite.org/howtocorrupt.html
 *
 * @returns what throws StoreUnavailableError for as long as other files stand in their places, or none
 */
export function rememberFiles(path: string): () => void {
  const files = [path, `${path}-wal`].map((place) => ({ place, file: fileAt(place) }));
  return () => {
    for (const { place, file } of files) {
      if (fileAt(place) === file) continue;
      const cause = new Error(`${place} is not the file that was opened.`);
      throw new StoreUnavailableError(cause, 'the file of its database was deleted or replaced');
    }
  };
}

/** Its number on its device, which no other file gets while it is open. */
function fileAt(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev} ${found.ino}`;
}
