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
const fileName = /^clicks-\d+\.db$/;

/**
 * Opens a spool that no living process has, and takes over what ended ones have left in theirs. Each is a SQLite file that
 * its process holds locked, so the system itself knows when that has ended, be it by kill -9, and nothing is half
 * written. One that can't be read is left alone, for somebody to look at.
 *
 * @param folder made where it isn't there; several processes may share it
 * @throws Error where nothing can be written there
 */
export function openSpool(folder: string, maxBytes = defaultMaxBytes): Spool {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const left = readdirSync(folder).filter((name) => fileName.test(name));
  const unowned = left.flatMap((name) => {
    const path = join(folder, name);
    const connection = tryOpen(path, maxBytes);
    return connection ? [{ path, connection }] : [];
  });
  const [own = openNew(folder, left.length, maxBytes), ...others] = unowned;
  for (const other of others) takeOver(own.connection, other);
  return createSpool(own.connection);
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
function openNew(folder: string, from: number, maxBytes: number) {
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

/** A click that is in both files where the process ends between is written once all the same, by its referral. */
function takeOver(
  own: SqliteConnection.Database,
  { path, connection }: { path: string; connection: SqliteConnection.Database },
): void {
  const clicks = connection
    .prepare<[], { click: string }>('select click from clicks order by position')
    .all();
  const insert = own.prepare('insert into clicks (click) values (?)');
  own.transaction(() => {
    for (const { click } of clicks) insert.run(click);
  })();
  connection.close();
  for (const ending of ['', '-wal']) rmSync(path + ending, { force: true });
}

function createSpool(connection: SqliteConnection.Database): Spool {
  const insert = connection.prepare('insert into clicks (click) values (?)');
  const select = connection.prepare<[number, number], { position: number; click: string }>(
    'select position, click from clicks where position > ? order by position limit ?',
  );
  const remove = connection.prepare('delete from clicks where position = ?');
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
  let clicks = connection.prepare<[], number>('select count(*) from clicks').pluck().get() ?? 0;

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
