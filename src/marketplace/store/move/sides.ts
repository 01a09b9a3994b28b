import type { Digests, Print } from './digest.ts';
import type { Row, Table } from './table.ts';

/** What can be asked of either database. */
export interface Side {
  listTables(): Promise<Table[]>;
  /** Names of the migrations that made its tables. */
  listMigrations(): Promise<string[]>;
  /** What tells one ledger from all others, wherever it stands; undefined where that isn't copied yet. */
  identify(): Promise<string | undefined>;
  end(): Promise<void>;
}

/** A row that was written, changed or deleted in the source while the move was under way. */
export interface Note {
  position: number;
  table: string;
  key: Row;
}

/**
 * `copying`: the source serves, and notes what changes; `closed`: it takes nothing; `moved`: it takes nothing, and what
 * it had is elsewhere.
 */
export type Phase = 'copying' | 'closed' | 'moved';

export interface Departure {
  /** Of the move: it stays the same when the move is broken off and goes on. */
  id: string;
  phase: Phase;
  /** Where to, as it may be shown. */
  to: string;
}

/** The ledger that is moved. What it changes, it changes only for the run that was begun last. */
export interface Source extends Side {
  countRows(table: Table): Promise<number>;
  /** In the order of the key, those behind that one. */
  readAfter(table: Table, key: Row | undefined, limit: number): Promise<Row[]>;
  /** Those that are there. */
  readRows(table: Table, keys: readonly Row[]): Promise<Row[]>;
  findDeparture(): Promise<Departure | undefined>;
  /**
   * Has every change noted from now on, by whichever process it is made, and takes writes again where an earlier run had
   * closed it. What has moved stays closed.
   */
  begin(tables: readonly Table[], run: { run: string; to: string; migrations: string }): Promise<Departure>;
  /** The oldest of them; of those behind that one, where there is one. */
  readNotes(tables: ReadonlyMap<string, Table>, limit: number, behind?: Note): Promise<Note[]>;
  dropNotes(run: string, notes: readonly Note[]): Promise<void>;
  /** So that these rows are copied once more. */
  note(table: Table, keys: readonly Row[]): Promise<void>;
  /** When it resolves, what was written is there to be read, and whoever writes is refused. */
  close(run: string): Promise<void>;
  /** Takes writes again, and notes them, unless it has moved. */
  reopen(run: string): Promise<void>;
  /** It was all of it. */
  depart(run: string): Promise<void>;
  /** Forgets the move: it takes writes again, and notes nothing. */
  cancel(): Promise<void>;
}

/** Which rows the target has: all of the tables that are done, and of the one that follows those up to the key. */
export interface Progress {
  done: readonly string[];
  /** As encodeKey writes it. */
  after: string | null;
  /** How many these are of that table. */
  rows: number;
}

export interface Arrival {
  /** Of the move. */
  id: string;
  /** As `identify` tells it. */
  ledger: string;
  /** The last one. */
  run: string;
}

/** The database that the ledger is moved to. */
export interface Target extends Side {
  /** The move into it that hasn't ended. */
  findArrival(): Promise<Arrival | undefined>;
  /** The names of those that have rows of their own, and not only what a new database has. */
  listFilled(tables: readonly Table[]): Promise<string[]>;
  /** Until it is opened no service and no command works on it. */
  begin(tables: readonly Table[], arrival: Arrival): Promise<Progress>;
  /** Inserts the rows, and keeps the progress; rows that can't stand beside what is there, it hands to `miss`. */
  copy(run: string, batch: Batch, progress: Progress, miss: Miss): Promise<void>;
  /** Puts the rows in the place of those of the keys. */
  replace(run: string, batch: Batch & { keys: readonly Row[] }, miss: Miss): Promise<void>;
  digest(table: Table): Promise<Digests>;
  /** By encoded key: of the rows of the keys, or of those in a span. */
  readPrints(table: Table, sought: readonly Row[] | Span): Promise<Map<string, Print>>;
  /** Partner keys by the providers' ids. */
  listProviders(): Promise<ReadonlyMap<number, string>>;
  /** What makes reading quick. */
  tidy(tables: readonly Table[]): Promise<void>;
  /** Brings back what was put aside while it was filled. */
  complete(run: string, tables: readonly Table[]): Promise<void>;
  open(run: string): Promise<void>;
}

/** Rows behind a key, up to and with another; from the first, or to the last, where there is none. */
export interface Span {
  after: Row | undefined;
  upTo: Row | undefined;
}

export interface Batch {
  table: Table;
  rows: readonly Row[];
}

export type Miss = (keys: readonly Row[]) => Promise<void>;

/** Another process has begun to move the ledger, or somebody has cancelled it. */
export const overtaken = 'another `move` has taken over, or it was cancelled';

/** The tables aren't those any more that the move has begun with. */
export const migratedMeanwhile =
  'The tables were changed by another version of onramp-marketplace while they were moved. ' +
  'Cancel the move, and begin anew.';

export const notEmpty = (what: string) => `The target is not empty: it has ${what}. Give an empty database.`;
