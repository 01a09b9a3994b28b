import { createPrinter, type Digests, type Print } from './digest.ts';
import type { Note, Source, Target } from './sides.ts';
import { encodeKey, keyOf, type Row, type Table } from './table.ts';

/** Rows that are compared at once. */
const rowsAtOnce = 2_000;
/** Notes that are looked through at once. */
const notesAtOnce = 5_000;
/** Rows that are named where they differ. */
const maxNamed = 5;

export interface Comparison {
  source: Source;
  target: Target;
  tables: readonly Table[];
  /** Called before each part, with the rows that were compared. */
  next: (rows: number) => Promise<void>;
}

/**
 * Compares all rows while the source goes on and the target stands still: those that differ have to be among the
 * changes that wait, and are looked at again when these are copied. So what is left for the time in which the source
 * is closed is what has changed, and not all.
 *
 * @returns the target's digests, by table
 * @throws Error that names rows that differ
 */
export async function compareAll(comparison: Comparison): Promise<Map<string, Digests>> {
  const { target, tables } = comparison;
  const digests = new Map<string, Digests>();
  const differing = new Map<string, Set<string>>();
  let rows = 0;
  for (const table of tables) {
    digests.set(table.name, await target.digest(table));
    const found = await compareTable(comparison, table, rows);
    rows += found.rows;
    if (found.differing.size > 0) differing.set(table.name, found.differing);
  }
  await requireNoted(comparison, differing);
  return digests;
}

async function compareTable({ source, target, next }: Comparison, table: Table, rowsBefore: number) {
  const print = createPrinter(table);
  const differing = new Set<string>();
  let rows = 0;
  for (let after: Row | undefined; ; ) {
    await next(rowsBefore + rows);
    const read = await source.readAfter(table, after, rowsAtOnce);
    const isEnd = read.length < rowsAtOnce;
    const last = read.at(-1);
    const upTo = isEnd || !last ? undefined : keyOf(table, last);
    const copied = await target.readPrints(table, { after, upTo });
    for (const row of read) {
      const key = encodeKey(keyOf(table, row));
      if (!isSame(print(row), copied.get(key))) differing.add(key);
      copied.delete(key);
    }
    // Those that only the target has.
    for (const key of copied.keys()) differing.add(key);
    rows += read.length;
    if (!upTo) return { rows, differing };
    after = upTo;
  }
}

/** The notes of what has changed since the rows were copied are all there, since none was taken meanwhile. */
async function requireNoted(
  { source, tables }: Comparison,
  differing: Map<string, Set<string>>,
): Promise<void> {
  if (differing.size === 0) return;
  const byName = new Map(tables.map((table) => [table.name, table]));
  for (let last: Note | undefined; ; ) {
    const notes = await source.readNotes(byName, notesAtOnce, last);
    for (const { table, key } of notes) differing.get(table)?.delete(encodeKey(key));
    last = notes.at(-1);
    if (notes.length < notesAtOnce) break;
  }
  requireNone([...differing].flatMap(([table, keys]) => [...keys].map((key) => `${table} ${key}`)));
}

/** @throws Error that names some of the rows, where there are any */
function requireNone(differing: readonly string[]): void {
  if (differing.length === 0) return;
  const more = differing.length > maxNamed ? `, and ${differing.length - maxNamed} more` : '';
  throw new Error(
    `The copy is not the same in these rows: ${differing.slice(0, maxNamed).join(', ')}${more}. ` +
      'Somebody has changed it. Cancel the move, and begin anew.',
  );
}

/** What was put in the place of rows. */
export interface Replacement {
  table: Table;
  keys: readonly Row[];
  rows: readonly Row[];
  /** Encoded keys of those that will be put there later. */
  missed: ReadonlySet<string>;
}

/** Requires that the target has just these rows of the keys, now that they were put there; resolves to their prints. */
export async function requireReplaced(
  target: Target,
  { table, keys, rows, missed }: Replacement,
): Promise<Map<string, Print>> {
  const print = createPrinter(table);
  const wanted = new Map(rows.map((row) => [encodeKey(keyOf(table, row)), print(row)]));
  const found = await target.readPrints(table, keys);
  const wrong = keys
    .map(encodeKey)
    .filter((key) => !missed.has(key) && !isSame(wanted.get(key), found.get(key)))
    .map((key) => `${table.name} ${key}`);
  requireNone(wrong);
  return found;
}

/** Requires that the source has as many rows as the digests tell. */
export async function requireSameCounts(
  source: Source,
  tables: readonly Table[],
  digests: ReadonlyMap<string, Digests>,
): Promise<void> {
  for (const table of tables) {
    const rows = await source.countRows(table);
    const copied = [...(digests.get(table.name)?.values() ?? [])].reduce(
      (sum, digest) => sum + digest.rows,
      0,
    );
    if (rows !== copied) {
      throw new Error(`The copy is not the same: ${table.name} has ${rows} rows, and ${copied} in the copy.`);
    }
  }
}

function isSame(one: Print | undefined, other: Print | undefined): boolean {
  if (!one || !other) return one === other;
  return one.sum === other.sum && one.provider === other.provider && one.amount === other.amount;
}
