import type Database from 'better-sqlite3';

/**
 * Prepares a commit that changes nothing and yet goes the whole way of a purchase: lock, log, fsync. It sets a number
 * in the file's header that SQLite leaves to programs (https://sqlite.org/pragma.html#pragma_user_version), to 0, as
 * it was: SQLite writes it all the same.
 */
export function prepareEmptyWrite(connection: Database.Database): () => void {
  const write = connection.transaction(() => {
    connection.pragma('user_version = 0');
  });
  return () => write.immediate();
}
