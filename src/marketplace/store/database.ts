import type { Expression, Kysely, SqlBool } from 'kysely';
import type { TrackingField } from '../../wire/fields.ts';
import type { Schema } from './schema.ts';
import type { NewTracking, TrackingStatements } from './trackingStatements.ts';

/** The tables, as whoever reads or writes them has them: beside others, or in a transaction of its own. */
export type Tables = Kysely<Schema>;

/**
 * What every file of a table is written on: SQLite or PostgreSQL. Whatever fails since the database can't be used just
 * now fails with StoreUnavailableError.
 */
export interface Database {
  /** Reads beside whoever writes, what was committed. */
  reader: Tables;
  /** The same for what each message has to know: lists that take long, or whose rows can't be read, don't keep it waiting. */
  ledgerReader: Tables;
  /**
   * Does the work in a transaction, committed to disk when it resolves; nothing of it where it throws. The work may be
   * begun anew where another transaction was in its way, so it does nothing but read and write its tables.
   *
   * @throws StoreUnavailableError also where it is not known whether the commit has taken place
   */
  transact<Result>(work: (tables: Tables) => Promise<Result>, locks?: Locks): Promise<Result>;
  /** The same for what the ledger takes in: whoever reads or writes elsewhere doesn't keep it waiting. */
  transactLedger<Result>(
    work: (tables: Tables, trackings: TrackingStatements) => Promise<Result>,
    locks?: Locks,
  ): Promise<Result>;
  /**
   * Inserts those of the rows that aren't there by their key, of whose order there is no row, whose customer wasn't
   * forgotten and that can't be late copies of what was deleted, in a transaction of its own that costs two trips to a
   * server, and resolves to their ids when they are on disk. Undefined where statements don't travel: there, rows are
   * inserted with all else.
   */
  insertAtOnce: ((rows: readonly NewTracking[], locks: Locks) => Promise<ReadonlySet<string>>) | undefined;
  /** Makes one part of the figures' days and months that began before that time; undefined where there is but one. */
  foldFigures: ((before: number) => Promise<void>) | undefined;
  /** How many batches of a place go on at the same time. */
  batchesAtOnce: number;
  /**
   * Whether the tables that grow are spread. There are no figures of all providers together then, and what is read of all
   * is dear; some of it can't be asked at once.
   */
  isSpread: boolean;
  /**
   * The name of the place where the provider's rows are: what can fail by itself. All are in one place where the tables
   * aren't spread.
   */
  findPlace(providerId: number): Promise<string>;
  words: Words;
  /**
   * Of a server, only a commit tells.
   *
   * @throws StoreUnavailableError where its files can't be read, or have no room for a commit
   */
  checkFiles(): Promise<void>;
  /**
   * Removes what the database keeps of deleted rows beyond its tables: free space, logs. May take long; what is
   * written meanwhile may have to wait or fail.
   */
  eraseRemains(): Promise<void>;
  close(): Promise<void>;
}

/** Names of what a transaction has to be alone with until it ends. Where only one can write, there is nothing to lock. */
export interface Locks {
  /** Keep those waiting who hold them, but not others who share them. */
  share?: readonly string[];
  hold?: readonly string[];
}

/**
 * The few words in which the two SQLs differ. `for update` and `skip locked` are understood by both: SQLite leaves them
 * out, since whoever writes is alone.
 */
export interface Words {
  columns: ColumnWords;
  /** The statements of migration 0002. */
  leadByProvider: readonly string[];
  /** Statements after which nothing of the column's values is kept outside of its table. */
  keepNoSamples(table: keyof Schema, column: string): string[];
  /** Whether the payload, a JSON object as text, has this in the field, be it a text with blanks around it or a number. */
  says(field: TrackingField, text: string): Expression<SqlBool>;
  /** What all ids begin with that were made then, in epoch milliseconds: less than these, and more than those before. */
  idAt(timeMs: Expression<unknown>): Expression<unknown>;
  /** Whether any value of the payload has the text in it, in any case. */
  hasText(text: string): Expression<SqlBool>;
  /**
   * The end of a `from`: for each row of the tables before it, those of this table for which the condition holds, looked for
   * anew by its key each time. Planners don't know of how few rows a range of a key is, and would read all of them once.
   */
  joinEach(table: keyof Schema, condition: Expression<SqlBool>): Expression<unknown>;
}

/** Types of columns, and what stands behind a table's. */
export interface ColumnWords {
  /** The primary key that counts up with each row. */
  position: string;
  /** Compared byte by byte, the same on every machine, whatever its locale. */
  text: string;
  /** 0 or 1. */
  flag: string;
  integer: string;
  /** Epoch milliseconds, and positions of other tables. */
  long: string;
  bytes: string;
  /** Ends a table of wide rows; one of rows up to about 200 bytes that are found by their key. */
  wide: string;
  narrow: string;
}

/** In the place of a provider's id: a number that none has. */
export const ofNoProvider = 0;

/** A page of a list, newest first. */
export interface PageQuery {
  /** At most this many rows. */
  limit: number;
  /** Only what is older than the row with this id (for rejections, its latestId). */
  before?: string | undefined;
}

/**
 * What became of an entry of the ledger; the id is that of the row, which an earlier one may have made. Nothing was
 * written of what is `forgotten`, since its customer was, and of what is `outdated`: its row may have been deleted.
 */
export interface Outcome {
  result: 'created' | 'duplicate' | 'conflict' | 'forgotten' | 'outdated';
  id: string;
}

/** Rows that one statement takes: each value is a parameter, of which SQLite takes 32,766 and PostgreSQL 65,535. */
const rowsOfStatement = 500;

/** The rows in parts that a statement each can take. */
export function toParts<Row>(rows: readonly Row[], size = rowsOfStatement): Row[][] {
  const parts: Row[][] = [];
  for (let from = 0; from < rows.length; from += size) {
    parts.push(rows.slice(from, from + size));
  }
  return parts;
}
