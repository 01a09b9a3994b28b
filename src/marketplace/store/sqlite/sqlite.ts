import { closeSync, mkdirSync, openSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import SqliteConnection from 'better-sqlite3';
import { Kysely, type SqlBool, sql } from 'kysely';
import type { Database, Tables, Words } from '../database.ts';
import { StoreUnavailableError } from '../errors.ts';
import { migrateToLatest } from '../migrations.ts';
import type { Schema } from '../schema.ts';
import { createCheckpointer } from './checkpointer.ts';
import { createDialect } from './dialect.ts';
import { judgeError } from './judgeError.ts';
import { leadByProvider } from './ledByProvider.ts';
import { rememberFiles } from './rememberFiles.ts';
import { prepareTrackings } from './trackings.ts';

/**
 * The ledger in one SQLite file, created and brought up to date when it is opened. Two connections: one writes, the
 * other can only read. The file holds the providers' secrets as they are, since verifying a signature takes the secret
 * itself: only the file's owner can read it (0600).
 */
export async function openSqlite(path: string): Promise<Database> {
  createDatabaseFile(path);
  const writer = openWriter(path);
  const reading = openReader(path);
  const reader = new Kysely<Schema>({ dialect: createDialect(reading) });
  const transactAnyway = createTransact(writer);
  // Kysely takes no lock for SQLite: a second process that starts at the same moment waits for this transaction, and
  // then finds nothing left to do.
  await transactAnyway((tables) => migrateToLatest(tables, words));
  const trackings = prepareTrackings(writer);
  const requireFiles = rememberFiles(path);
  const checkpointer = createCheckpointer(path);

  async function transact<Result>(work: (tables: Tables) => Promise<Result>): Promise<Result> {
    const result = await transactAnyway(work);
    requireFiles();
    return result;
  }

  return {
    reader,
    ledgerReader: reader,
    transact,
    async transactLedger(work) {
      const result = await transact((tables) => work(tables, trackings));
      checkpointer.committed();
      return result;
    },
    insertAtOnce: undefined,
    foldFigures: undefined,
    batchesAtOnce: 1,
    isSpread: false,
    findPlace: async () => 'ledger',
    words,
    async checkFiles() {
      requireFiles();
      await reader.selectFrom('providers').select('id').limit(1).execute();
      await checkRoom(path);
    },
    eraseRemains: () => eraseRemains(path),
    async close() {
      // Whoever closes the file last moves the rest.
      await checkpointer.stop();
      reading.close();
      writer.close();
    },
  };
}

/** The same file to be only read, by another thread. */
export function openSqliteToRead(path: string): Database {
  const connection = openReader(path);
  const refuse = async () => {
    throw new Error('This thread only reads.');
  };
  const reader = new Kysely<Schema>({ dialect: createDialect(connection) });
  return {
    reader,
    ledgerReader: reader,
    transact: refuse,
    transactLedger: refuse,
    insertAtOnce: undefined,
    foldFigures: undefined,
    batchesAtOnce: 1,
    isSpread: false,
    findPlace: async () => 'ledger',
    words,
    checkFiles: refuse,
    eraseRemains: refuse,
    close: async () => void connection.close(),
  };
}

export const words: Words = {
  columns: {
    position: 'integer primary key',
    text: 'text',
    flag: 'integer',
    integer: 'integer',
    long: 'integer',
    bytes: 'blob',
    // SQLite advises WITHOUT ROWID for rows of up to about 200 bytes: https://sqlite.org/withoutrowid.html
    wide: ' strict',
    narrow: ' strict, without rowid',
  },
  leadByProvider,
  keepNoSamples: () => [],
  idAt: (timeMs) => sql`unhex(printf('%012x', ${timeMs}))`,
  says: (field, text) => sql<SqlBool>`trim(payload ->> ${`$.${field}`}) = ${text}`,
  hasText: (text) =>
    sql<SqlBool>`exists (select 1 from json_each(payload) where instr(lower(value), lower(${text})))`,
  // It joins in this order: https://www.sqlite.org/optoverview.html#crossjoin
  joinEach: (table, condition) => sql`cross join ${sql.table(table)} where ${condition}`,
};

/** How long a statement waits for another process's lock, in ms; the event loop stands still meanwhile. */
const busyTimeoutMs = 2_000;
/** 64 MiB: hashes and customers come in no order, so that a purchase touches pages all over its indexes. */
const cacheKiB = 64 * 1024;
/**
 * Half of what is usual: most pages that a purchase touches are those of indexes in no order, where it adds a few bytes,
 * and each is written whole, to the log and to the file. Only a new file takes it, before anything else.
 */
const pageBytes = 2_048;
/**
 * 40 MB of log before it is moved by whoever writes. Where the checkpointer has begun, it is never far behind: then only
 * the last pages are moved, and the log begins anew.
 */
const checkpointPages = 20_000;

/** Creates the file, readable by its owner only since it holds the providers' secrets, and its folder. */
function createDatabaseFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  closeSync(openSync(path, 'a', 0o600));
}

/**
 * Opens the connection that writes. WAL lets reads go on beside it, and FULL syncs the log at each commit: what
 * is committed survives the loss of power (https://sqlite.org/pragma.html#pragma_synchronous).
 */
function openWriter(path: string): SqliteConnection.Database {
  const connection = new SqliteConnection(path, { timeout: busyTimeoutMs });
  connection.pragma(`page_size = ${pageBytes}`);
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
  connection.pragma(`cache_size = -${cacheKiB}`);
  connection.pragma(`wal_autocheckpoint = ${checkpointPages}`);
  // What is deleted is overwritten: https://sqlite.org/pragma.html#pragma_secure_delete
  connection.pragma('secure_delete = ON');
  return connection;
}

/** Opens a connection that can only read. */
export function openReader(path: string): SqliteConnection.Database {
  return new SqliteConnection(path, { timeout: busyTimeoutMs, readonly: true });
}

/**
 * Returns what does work in transactions, one after the other, since they share the connection. They lock for writing at
 * once: one that begins by reading can fail when another process has written meanwhile. The work asks nothing but this
 * connection, whose answers are there at once, so that it ends within a turn of the event loop.
 */
function createTransact(connection: SqliteConnection.Database) {
  connection.pragma(`busy_timeout = ${tryMs}`);
  const tables: Tables = new Kysely<Schema>({ dialect: createDialect(connection) });
  const begin = connection.prepare('begin immediate');
  const commit = connection.prepare('commit');
  const rollback = connection.prepare('rollback');
  let last: Promise<unknown> = Promise.resolve();

  async function attempt<Result>(work: (tables: Tables) => Promise<Result>, until: number): Promise<Result> {
    try {
      await withPatience(() => begin.run(), until);
      const result = await work(tables);
      commit.run();
      return result;
    } catch (error) {
      // After some errors SQLite has rolled back by itself.
      if (connection.open && connection.inTransaction) rollback.run();
      throw judgeError(connection, error);
    }
  }

  return <Result>(work: (tables: Tables) => Promise<Result>): Promise<Result> => {
    const until = performance.now() + patienceMs;
    const result = last.then(() => attempt(work, until));
    // Who waits behind one that failed, for the same lock maybe, lets others be answered first.
    last = result.catch(() => turn());
    return result;
  };
}

/** How long one try waits for another process's lock, while the event loop stands still. */
const tryMs = 250;
const pauseMs = 250;
/** Since a transaction was asked for. One that has waited so long for those before it has one try. */
const patienceMs = 1_500;

/** Tries the work until that time, and at least once; between the tries the service answers whoever needs no lock. */
async function withPatience(work: () => unknown, until: number): Promise<void> {
  for (;;) {
    try {
      work();
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() >= until) throw error;
    }
    await pause(pauseMs);
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof SqliteConnection.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

/** Of one commit with some hundred purchases; a single page fits where they no longer do. */
const neededBytes = 1024 * 1024;

async function checkRoom(path: string): Promise<void> {
  const { bavail, bsize } = await statfs(path);
  if (bavail * bsize >= neededBytes) return;
  throw new StoreUnavailableError(
    new Error(`${bavail * bsize} bytes are free.`),
    'the disk of its database is full',
  );
}

/** How long other processes are waited for that write meanwhile, and how often those that read. */
const erasePatienceMs = 8_000;
const maxCheckpoints = 20;
const checkpointPauseMs = 50;

/**
 * Writes the file anew, without what was deleted, and empties the log that still has it: deleted rows are zeroed as
 * they go (secure_delete), but a page that was split or merged may hold an old copy in its unused part.
 *
 * @throws StoreUnavailableError when other processes didn't let it finish
 */
async function eraseRemains(path: string): Promise<void> {
  // One of its own, that waits longer for a lock than a service can stand still.
  const connection = openWriter(path);
  try {
    await withPatience(() => connection.exec('vacuum'), performance.now() + erasePatienceMs);
    for (let tries = 1; tries <= maxCheckpoints; tries++) {
      const busy = connection.pragma('wal_checkpoint(truncate)', { simple: true });
      if (busy === 0) return;
      // Two can't move the log at once, and one doesn't wait for the other.
      await pause(checkpointPauseMs);
    }
    throw new StoreUnavailableError(
      new Error('Another process is reading, so the log could not be emptied.'),
    );
  } catch (error) {
    throw judgeError(connection, error);
  } finally {
    connection.close();
  }
}
