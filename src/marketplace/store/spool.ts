import { closeSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import SqliteConnection from 'better-sqlite3';
import type { ClickEntry } from './clicks.ts';

export interface SpooledClick {
  /** Its place in the order in which they came. */
  position: number;
  click: ClickEntry;
}

/** What is remembered beside the clicks, as text. */
export type KnownName = 'listings' | 'referral key';

/**
 * What links need while the database is away, on this machine's own disk: what was last known, and the clicks that are
 * to be written once it is back.
 */
export interface Spool {
  /** How many wait, and what the file takes. */
  readonly clicks: number;
  readonly bytes: number;
  /**
   * What was added survives the end of the process at once, and the loss of power after a second.
   *
   * @throws Error where it is full or can't be written to
   */
  add(click: ClickEntry): void;
  /** The oldest behind that position. */
  read(after: number, limit: number): SpooledClick[];
  remove(clicks: readonly SpooledClick[]): void;
  /** Takes over some of the clicks that ended processes have left in their files; false where there are none. */
  takeOver(): boolean;
  known(name: KnownName): string | undefined;
  /** Where the disk doesn't take it, it is missed after a restart alone. */
  keepKnown(name: KnownName, value: string): void;
  close(): void;
}

/** Some 290,000 clicks, and what is known beside them. */
const defaultMaxBytes = 64 * 1024 * 1024;
const pageBytes = 4096;
/** Each sync holds the process up for as long as the disk takes, in milliseconds. */
const syncMs = 1_000;
/** Clicks that are taken over at once: few enough that nobody waits for it. */
const takenAtOnce = 1_000;
const fileName = /^clicks-\d+\.db$/;

/**
 * Opens a spool that no living process has: one that an ended process has left, where there is any. Each is a SQLite file
 * that its process holds locked, so the system itself knows when that has ended, be it by kill -9, and nothing is half
 * written. One that can't be read is left alone, for somebody to look at.
 *
 * @param folder made where it isn't there; several processes may share it
 * @throws Error where nothing can be written there
 */
export function openSpool(folder: string, maxBytes = defaultMaxBytes): Spool {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const left = listFiles(folder);
  const own = openFirst(left, maxBytes) ?? openNew(folder, left.length, maxBytes);
  const takeOverSome = () =>
    listFiles(folder).some((path) => path !== own.path && takeOver(own.connection, path, maxBytes));
  return createSpool(own.connection, takeOverSome);
}

interface OpenFile {
  path: string;
  connection: SqliteConnection.Database;
}

function listFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => fileName.test(name))
    .map((name) => join(folder, name));
}

function openFirst(paths: readonly string[], maxBytes: number): OpenFile | undefined {
  for (const path of paths) {
    const connection = tryOpen(path, maxBytes);
    if (connection) return { path, connection };
  }
  return undefined;
}

/** Undefined where another process has it, or it is damaged. */
function tryOpen(path: string, maxBytes: number): SqliteConnection.Database | undefined {
  try {
    return openFile(path, maxBytes);
  } catch (error) {
    if (isTaken(error)) return undefined;
    throw error;
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof SqliteConnection.SqliteError && /^SQLITE_(BUSY|CORRUPT|NOTADB)/.test(error.code);
}

/** Under the first number that is free; of two processes that find the same one, the first has it. */
function openNew(folder: string, from: number, maxBytes: number): OpenFile {
  for (let number = from + 1; ; number++) {
    const path = join(folder, `clicks-${number}.db`);
    const connection = tryOpen(path, maxBytes);
    if (connection) return { path, connection };
  }
}

/** @throws SqliteError where another process has the file */
function openFile(path: string, maxBytes: number): SqliteConnection.Database {
  // It holds the key by which referral ids are minted.
  closeSync(openSync(path, 'a', 0o600));
  const connection = new SqliteConnection(path, { timeout: 0 });
  try {
    // Before its log is opened: then the lock is held until the end, and needs no shared memory.
    connection.pragma('locking_mode = exclusive');
    connection.pragma(`page_size = ${pageBytes}`);
    // What is empty again is given back.
    connection.pragma('auto_vacuum = full');
    connection.pragma('journal_mode = wal');
    connection.pragma('synchronous = normal');
    connection.pragma(`max_page_count = ${maxBytes / pageBytes}`);
    connection.exec(`
      begin immediate;
      create table if not exists clicks (position integer primary key autoincrement, click text not null) strict;
      create table if not exists known (name text primary key, value text not null) strict, without rowid;
      commit`);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/**
 * Takes over the first clicks of a process that has ended, and its file where these were all. A click that is in both
 * files where this process ends between is written once all the same, by its referral.
 *
 * @returns whether there were any
 */
function takeOver(own: SqliteConnection.Database, path: string, maxBytes: number): boolean {
  let isEmpty = false;
  const connection = tryOpen(path, maxBytes);
  if (!connection) return false;
  try {
    const [into, from] = [statementsOf(own), statementsOf(connection)];
    const clicks = from.select.all(0, takenAtOnce);
    own.transaction(() => {
      for (const { click } of clicks) into.insert.run(click);
    })();
    connection.transaction(() => {
      for (const { position } of clicks) from.remove.run(position);
    })();
    isEmpty = clicks.length < takenAtOnce;
    return clicks.length > 0;
  } catch (error) {
    // It stays where it is, for whoever has room.
    if (error instanceof SqliteConnection.SqliteError) return false;
    throw error;
  } finally {
    connection.close();
    if (isEmpty) for (const ending of ['', '-wal']) rmSync(path + ending, { force: true });
  }
}

function statementsOf(connection: SqliteConnection.Database) {
  return {
    insert: connection.prepare('insert into clicks (click) values (?)'),
    select: connection.prepare<[number, number], { position: number; click: string }>(
      'select position, click from clicks where position > ? order by position limit ?',
    ),
    remove: connection.prepare('delete from clicks where position = ?'),
    count: connection.prepare<[], number>('select count(*) from clicks').pluck(),
  };
}

function createSpool(connection: SqliteConnection.Database, takeOverSome: () => boolean): Spool {
  const { insert, select, remove, count } = statementsOf(connection);
  const find = connection.prepare<[string], { value: string }>('select value from known where name = ?');
  const keep = connection.prepare('insert or replace into known (name, value) values (?, ?)');
  const pragma = (name: string) => Number(connection.pragma(name, { simple: true }));
  let syncing: NodeJS.Timeout | undefined;

  /** Moves the log into the file, which syncs both. Where the disk doesn't, the next one tries. */
  function sync(): void {
    syncing = undefined;
    unlessDisk(() => connection.pragma('wal_checkpoint(truncate)'));
  }

  // Counted here, since each click on a link asks.
  let clicks = count.get() ?? 0;

  return {
    get clicks() {
      return clicks;
    },
    get bytes() {
      return pragma('page_count') * pageBytes;
    },
    add(click) {
      insert.run(JSON.stringify(click));
      clicks++;
      syncing ??= setTimeout(sync, syncMs);
    },
    read: (after, limit) =>
      select.all(after, limit).map(({ position, click }) => ({ position, click: JSON.parse(click) })),
    remove: connection.transaction((removed) => {
      for (const { position } of removed) clicks -= remove.run(position).changes;
    }),
    takeOver() {
      const hasTaken = takeOverSome();
      clicks = count.get() ?? 0;
      return hasTaken;
    },
    known: (name) => find.get(name)?.value,
    keepKnown: (name, value) => unlessDisk(() => keep.run(name, value)),
    close() {
      clearTimeout(syncing);
      connection.close();
    },
  };
}

/** Does nothing where the disk doesn't let it. */
function unlessDisk(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof SqliteConnection.SqliteError)) throw error;
  }
}
