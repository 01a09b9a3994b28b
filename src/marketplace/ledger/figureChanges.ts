import { type Contribution, type FigureGroup, type Limbs, type Span, spans, startOfSpan } from './figures.ts';
import { digest } from './hash.ts';

/** What a group comes to in one span of time, or by how much that changes. */
export interface FigureCell extends Limbs {
  providerId: number;
  span: Span;
  /** Epoch milliseconds. */
  start: number;
  groupId: Uint8Array;
  count: number;
}

/** Gathers what a transaction changes of the figures. */
export interface FigureChanges {
  add(contributions: readonly Contribution[]): void;
  subtract(contributions: readonly Contribution[]): void;
  /** Groups and cells, each once, in one order for all transactions; cells that stay as they were aren't among them. */
  list(): { groups: FigureGroupRow[]; cells: FigureCell[] };
}

export interface FigureGroupRow extends FigureGroup {
  id: Uint8Array;
}

export function createFigureChanges(): FigureChanges {
  const groups = createFigureGroups();
  /** Of each group, by span and start. */
  const cells: Map<number, FigureCell>[] = [];

  function change({ group, ...added }: Contribution, sign: 1 | -1): void {
    for (const number of groups.numbersOf(group)) {
      const row = groups.rows[number];
      if (!row) continue;
      const ofGroup = cells[number] ?? new Map<number, FigureCell>();
      cells[number] = ofGroup;
      changeGroup(row, ofGroup, added, sign);
    }
  }

  return {
    add: (contributions) => {
      for (const contribution of contributions) change(contribution, 1);
    },
    subtract: (contributions) => {
      for (const contribution of contributions) change(contribution, -1);
    },
    list() {
      const changed = groups.rows.map((row, number) => ({
        row,
        cells: [...(cells[number]?.values() ?? [])].filter(isSomething),
      }));
      const kept = changed.filter((group) => group.cells.length > 0);
      return {
        groups: kept.map(({ row }) => row).sort(byGroup),
        cells: kept.flatMap((group) => group.cells).sort(byCell),
      };
    },
  };
}

/** Groups, each once, by the numbers of their places. */
export interface FigureGroups {
  readonly rows: readonly FigureGroupRow[];
  /** Of the group, and of that of all providers together which it is a part of. */
  numbersOf(group: FigureGroup): readonly [own: number, together: number];
}

export function createFigureGroups(): FigureGroups {
  const rows: FigureGroupRow[] = [];
  const numbers = new Map<string, readonly [number, number]>();
  const togetherNumbers = new Map<string, number>();

  function add(group: FigureGroup, name: string): number {
    return rows.push({ ...group, id: digest(name) }) - 1;
  }

  return {
    rows,
    numbersOf(group) {
      const name = nameOf(group);
      const known = numbers.get(name);
      if (known) return known;
      const together = { ...group, providerId: 0, service: null, listing: null, campaign: null };
      const togetherName = nameOf(together);
      const togetherNumber = togetherNumbers.get(togetherName) ?? add(together, togetherName);
      togetherNumbers.set(togetherName, togetherNumber);
      const both = [add(group, name), togetherNumber] as const;
      numbers.set(name, both);
      return both;
    },
  };
}

function changeGroup(
  { providerId, id }: FigureGroupRow,
  cells: Map<number, FigureCell>,
  { at, count, billions, units, billionths }: Omit<Contribution, 'group'>,
  sign: 1 | -1,
): void {
  for (const [index, span] of spans.entries()) {
    const start = startOfSpan(span, at);
    // Starts are whole quarters of hours, so that the span's number has room beside them.
    const key = start + index;
    let cell = cells.get(key);
    if (!cell) {
      cell = { providerId, span, start, groupId: id, ...nothing };
      cells.set(key, cell);
    }
    cell.count += sign * count;
    cell.billions += sign * billions;
    cell.units += sign * units;
    cell.billionths += sign * billionths;
  }
}

const nothing = { count: 0, billions: 0, units: 0, billionths: 0 };

function isSomething({ count, billions, units, billionths }: FigureCell): boolean {
  return count !== 0 || billions !== 0 || units !== 0 || billionths !== 0;
}

function nameOf(group: FigureGroup): string {
  const { providerId, event, countedAs, service, listing, campaign } = group;
  const { verdict, level, reportedBy, currency, isProven } = group;
  const own = `${providerId} ${event} ${countedAs} ${verdict} ${level} ${reportedBy} ${currency} ${isProven}`;
  // Texts of others, of any kind.
  return `${own} ${JSON.stringify([service, listing, campaign])}`;
}

function byGroup(one: FigureGroupRow, other: FigureGroupRow): number {
  return one.providerId - other.providerId || Buffer.compare(one.id, other.id);
}

function byCell(one: FigureCell, other: FigureCell): number {
  return (
    one.providerId - other.providerId ||
    spans.indexOf(one.span) - spans.indexOf(other.span) ||
    one.start - other.start ||
    Buffer.compare(one.groupId, other.groupId)
  );
}
