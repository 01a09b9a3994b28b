import { createHash } from 'node:crypto';

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

/** Of the key that each new database makes for itself, and that moves with its ledger. */
export function identityOf(key: unknown): string | undefined {
  return key instanceof Uint8Array ? createHash('sha256').update(key).digest('hex') : undefined;
}
