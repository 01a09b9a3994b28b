import { randomUUID } from 'node:crypto';
import { compareAll, requireReplaced, requireSameCounts } from './compare.ts';
import { addPrint, type Digests } from './digest.ts';
import { type Proof, toProof } from './proof.ts';
import { type Note, notEmpty, type Progress, type Source, type Target } from './sides.ts';
import { decodeKey, encodeKey, keyOf, type Row, type Table } from './table.ts';

/** Rows that are copied in one transaction: enough that its commit weighs little, few enough for its memory. */
const rowsAtOnce = 1_000;
/** Changes that are copied at once: figures change with every purchase, and many changes of one row are one copy. */
const notesAtOnce = 5_000;
/** When no more changes than these wait, the rest is copied with the source closed. */
const fewNotes = 1_000;

/** What is being done, to be shown. */
export type Step =
  /** Of the tables' rows, as many as there were when it began. */
  | { step: 'copying'; table: string; rows: number; total: number }
  | { step: 'following'; changes: number }
  | { step: 'tidying' }
  | { step: 'comparing'; rows: number }
  | { step: 'closing' }
  | { step: 'closed' }
  | { step: 'proven' }
  | { step: 'opened' };

export interface Move {
  source: Source;
  target: Target;
  /** Where to, as it may be shown. */
  to: string;
  /** Called before each step; what it returns is waited for. */
  report: (step: Step) => unknown;
  /** Breaks it off at the next step. */
  signal: AbortSignal;
}

/** The proof is undefined where all was done by an earlier run. */
export interface Moved {
  proof: Proof | undefined;
  /** How long the source was closed before the target was open, in milliseconds. */
  closedMs: number;
}

/**
 * Moves a ledger while it is written to. First every change is noted in the source, then all rows are copied as they
 * are, then those whose keys were noted, again and again until few are left. Both are compared. Then the source is
 * closed, the rest is copied and compared, and the target is opened. Where it fails, the source takes writes again; where
 * it is ended at once, the next run goes on.
 *
 * @throws Error that says what is in the way
 */
export async function moveLedger({ source, target, to, report, signal }: Move): Promise<Moved> {
  const run = randomUUID();
  const ledger = await source.identify();
  if (ledger === undefined) throw new Error('The database is no ledger: it has no key of its own.');
  const tables = await source.listTables();
  const migrations = await requireSameTables(source, target, tables);
  if (await hasMoved(source, target, { ledger, tables, report })) return { proof: undefined, closedMs: 0 };

  // With the target's types, and the source's keys.
  const there = new Map((await target.listTables()).map((table) => [table.name, table]));
  const filled = tables.map((table) => ({ ...table, ...there.get(table.name), key: table.key }));

  const { id } = await source.begin(tables, { run, to, migrations });
  const progress = await target.begin(filled, { id, ledger, run });
  const next = async (step: Step) => {
    signal.throwIfAborted();
    await report(step);
    signal.throwIfAborted();
  };
  const move = { source, target, run, tables: filled, next };
  try {
    await copyRows(move, progress);
    while ((await copyNoted(move)) > fewNotes);
    await next({ step: 'tidying' });
    await target.tidy(tables);
    while ((await copyNoted(move)) > fewNotes);
    const tell = (rows: number) => next({ step: 'comparing', rows });
    const digests = await compareAll({ source, target, tables: filled, next: tell });
    while ((await copyNoted(move, digests)) > fewNotes);

    await next({ step: 'closing' });
    const closedAt = performance.now();
    await source.close(run);
    await next({ step: 'closed' });
    while ((await copyNoted(move, digests)) > 0);
    await requireSameTables(source, target, tables);
    await requireSameCounts(source, filled, digests);
    await target.complete(run, filled);
    const proof = toProof(digests, await target.listProviders());
    await next({ step: 'proven' });
    await source.depart(run);
    await target.open(run);
    await report({ step: 'opened' });
    return { proof, closedMs: performance.now() - closedAt };
  } catch (error) {
    // So that nobody is kept waiting for whoever runs it again. Where the source is gone, that one opens it.
    await source.reopen(run).catch(() => undefined);
    throw error;
  }
}

interface Running {
  source: Source;
  target: Target;
  run: string;
  tables: readonly Table[];
  next: (step: Step) => Promise<void>;
}

/** All rows as they are when they are read: those that change later are noted. */
async function copyRows({ source, target, run, tables, next }: Running, progress: Progress): Promise<void> {
  const done = [...progress.done];
  let { after, rows: rowsOfTable } = progress;
  const counts = await Promise.all(tables.map((table) => source.countRows(table)));
  const total = counts.reduce((sum, count) => sum + count, 0);
  let rows = counts.reduce(
    (sum, count, index) => (done.includes(tables[index]?.name ?? '') ? sum + count : sum),
    rowsOfTable,
  );
  for (const table of tables.filter(({ name }) => !done.includes(name))) {
    let key = after === null ? undefined : decodeKey(table, after);
    for (;;) {
      await next({ step: 'copying', table: table.name, rows, total });
      const read = await source.readAfter(table, key, rowsAtOnce);
      const last = read.at(-1);
      if (last) key = keyOf(table, last);
      const isEnd = read.length < rowsAtOnce;
      if (isEnd) done.push(table.name);
      after = isEnd || !key ? null : encodeKey(key);
      rowsOfTable = isEnd ? 0 : rowsOfTable + read.length;
      const miss = (keys: readonly Row[]) => source.note(table, keys);
      await target.copy(run, { table, rows: read }, { done, after, rows: rowsOfTable }, miss);
      rows += read.length;
      if (isEnd) break;
    }
  }
}

/**
 * The rows whose keys were noted, as they are now; returns how many notes that were.
 *
 * @param digests of what was compared, which stays true
 */
async function copyNoted(
  { source, target, run, tables, next }: Running,
  digests?: ReadonlyMap<string, Digests>,
): Promise<number> {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const notes = await source.readNotes(byName, notesAtOnce);
  await next({ step: 'following', changes: notes.length });
  if (notes.length === 0) return 0;
  for (const [name, keys] of groupKeys(notes)) {
    const table = byName.get(name);
    if (!table) continue;
    const rows = await source.readRows(table, keys);
    const missed = new Set<string>();
    const miss = async (keys: readonly Row[]) => {
      for (const key of keys) missed.add(encodeKey(key));
      await source.note(table, keys);
    };
    const digest = digests?.get(name);
    const before = digest && (await target.readPrints(table, keys));
    await target.replace(run, { table, keys, rows }, miss);
    if (!digest || !before) continue;
    const after = await requireReplaced(target, { table, keys, rows, missed });
    for (const print of before.values()) addPrint(digest, print, -1);
    for (const print of after.values()) addPrint(digest, print, 1);
  }
  await source.dropNotes(run, notes);
  return notes.length;
}

/** Each key once, by table. */
function groupKeys(notes: readonly Note[]): Map<string, Row[]> {
  const groups = new Map<string, Map<string, Row>>();
  for (const { table, key } of notes) {
    const group = groups.get(table) ?? new Map<string, Row>();
    groups.set(table, group.set(encodeKey(key), key));
  }
  return new Map([...groups].map(([table, group]) => [table, [...group.values()]]));
}

/** @returns the migrations that have made the tables of both */
async function requireSameTables(source: Source, target: Target, tables: readonly Table[]): Promise<string> {
  const [from, to] = await Promise.all([source.listMigrations(), target.listMigrations()]);
  if (String(from) !== String(to)) {
    throw new Error(
      `The tables are of different versions: ${from.at(-1)} there, ${to.at(-1)} at the target. Start the service of ` +
        'this version on the ledger once, which brings it up to date, and run `move` of the same version.',
    );
  }
  const describe = (table: Table) => `${table.name} (${table.columns.map(({ name }) => name).join(', ')})`;
  const there = new Set((await target.listTables()).map(describe));
  const missing = tables.map(describe).find((table) => !there.delete(table));
  const [strange] = there;
  if (missing ?? strange) throw new Error(`Only one of both databases has the table ${missing ?? strange}.`);
  return String(from);
}

/** Whether an earlier run has moved all of it; of one that was ended as it opened the target, that is done now. */
async function hasMoved(
  source: Source,
  target: Target,
  { ledger, tables, report }: { ledger: string; tables: readonly Table[]; report: Move['report'] },
): Promise<boolean> {
  const [departure, arrival, there] = await Promise.all([
    source.findDeparture(),
    target.findArrival(),
    target.identify(),
  ]);
  if (departure?.phase === 'moved') {
    if (arrival?.id === departure.id) await target.open(arrival.run);
    else if (arrival || there !== ledger) throw new Error('The target is another database.');
    await report({ step: 'opened' });
    return true;
  }
  if (arrival) {
    if (arrival.ledger === ledger) return false;
    throw new Error('Another ledger is being moved to the target. Give an empty database.');
  }
  const [filled] = there === ledger ? ['the same ledger'] : await target.listFilled(tables);
  if (filled) throw new Error(notEmpty(filled));
  return false;
}
