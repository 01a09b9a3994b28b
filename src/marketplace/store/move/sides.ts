import { createHash } from 'node:crypto';
import type { Digests, Print } from './digest.ts';

/** As both databases have it: whole numbers, texts, bytes. */
export type Value = string | number | Buffer | null;
/** A row's values, or a key's, in the order of the table's columns. */
export type Row = readonly Value[];

export interface Column {
  name: string;
  kind: 'text' | 'number' | 'bytes';
  /** As its database calls it. */
  type: string;
}

/** A table as a database describes it itself: so none can be forgotten, and none has to be listed. */
export interface Table {
  name: string;
  /** In the order of their names, which is the same in both databases. */
  columns: readonly Column[];
  /** Names of the columns of the primary key. */
  key: readonly string[];
  /** The column that counts up by itself, where the database keeps its own count of it. */
  identity?: string | undefined;
}

/**
 * What isn't moved: what each database says of itself. `readiness` is what is written to see whether it can be; the
 * rest keeps account of migrations and of the move.
 */
export const unmoved: readonly string[] = [
  'kysely_migration',
  'kysely_migration_lock',
  'readiness',
  'move_in',
  'move_notes',
  'move_out',
];

/** What can be asked of either database. */
export interface Side {
  listTables(): Promise<Table[]>;
  /** Names of the migrations that made its tables. */
  listMigrations(): Promise<string[]>;
  /** Tells one ledger from all others, wherever it stands. */
  identify(): Promise<string>;
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

/** The row's key. */
export function keyOf({ columns, key }: Table, row: Row): Row {
  return key.map((name) => row[columns.findIndex((column) => column.name === name)] ?? null);
}

/** The columns of the key. */
export function keyColumns({ columns, key }: Table): Column[] {
  return key.flatMap((name) => columns.find((column) => column.name === name) ?? []);
}

/** A key as the notes have it: a JSON array, in which bytes are hexadecimal. */
export function encodeKey(key: Row): string {
  return JSON.stringify(key.map((value) => (Buffer.isBuffer(value) ? value.toString('hex') : value)));
}

export function decodeKey(table: Table, text: string): Row {
  const values: (string | number | null)[] = JSON.parse(text);
  return keyColumns(table).map(({ kind }, index) => {
    const value = values[index] ?? null;
    return kind === 'bytes' && typeof value === 'string' ? Buffer.from(value, 'hex') : value;
  });
}

/** Another process has begun to move the ledger, or somebody has cancelled it. */
export const overtaken = 'another `move` has taken over, or it was cancelled';

/** The tables aren't those any more that the move has begun with. */
export const migratedMeanwhile =
  'The tables were changed by another version of onramp-marketplace while they were moved. ' +
  'Cancel the move, and begin anew.';

/** Of the key that each new database makes for itself, and that moves with its ledger. */
export function identityOf(key: unknown): string {
  if (!(key instanceof Uint8Array)) throw new Error('It is no ledger: it has no key of its own.');
  return createHash('sha256').update(key).digest('hex');
}
