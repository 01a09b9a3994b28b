import { fromBillionths } from '../../ledger/figures.ts';
import { addDigest, areSame, createDigest, type Digest, showSum } from './digest.ts';
import type { Side, Table } from './sides.ts';

/** What both databases hold, alike. */
export interface Proof {
  tables: Part[];
  /** By partner key and table; what belongs to no provider is under none. */
  providers: { partnerKey: string | null; tables: Part[] }[];
  /** Sums of the amounts of all events, exact decimals. */
  money: { event: string; currency: string; total: string }[];
}

interface Part {
  table: string;
  rows: number;
  digest: string;
}

type Digests = ReadonlyMap<number, Digest>;

/** Mistakes that are named. */
const maxNamed = 5;

/**
 * Reads all rows of both, while nobody changes them.
 *
 * @throws Error that says where they differ
 */
export async function prove(source: Side, target: Side, tables: readonly Table[]): Promise<Proof> {
  const [ofSource, ofTarget] = await Promise.all([digestAll(source, tables), digestAll(target, tables)]);
  const keys = await source.listProviders();
  const differences = tables.flatMap(({ name }) =>
    listDifferences(name, ofSource.get(name), ofTarget.get(name), keys),
  );
  if (differences.length > 0) {
    const more = differences.length > maxNamed ? [`and ${differences.length - maxNamed} more`] : [];
    throw new Error(
      `The copy is not the same: ${[...differences.slice(0, maxNamed), ...more].join('; ')}. Cancel the move, and ` +
        'begin anew.',
    );
  }
  return toProof(ofSource, keys);
}

/** Table by table, since each takes all that its database can do. */
async function digestAll(side: Side, tables: readonly Table[]): Promise<Map<string, Digests>> {
  const digests = new Map<string, Digests>();
  for (const table of tables) digests.set(table.name, await side.digest(table));
  return digests;
}

function listDifferences(
  table: string,
  one: Digests = new Map(),
  other: Digests = new Map(),
  keys: ReadonlyMap<number, string>,
): string[] {
  const providers = new Set([...one.keys(), ...other.keys()]);
  return [...providers].flatMap((id) => {
    const [here, there] = [one.get(id) ?? createDigest(), other.get(id) ?? createDigest()];
    if (areSame(here, there)) return [];
    const whose = id === 0 ? '' : ` of ${keys.get(id) ?? id}`;
    return `${table}${whose} has ${here.rows} rows (${showSum(here)}), the copy ${there.rows} (${showSum(there)})`;
  });
}

function toProof(digests: ReadonlyMap<string, Digests>, keys: ReadonlyMap<number, string>): Proof {
  const tables: Part[] = [];
  const byProvider = new Map<number, Part[]>();
  const money = createDigest();
  for (const [table, parts] of digests) {
    const all = createDigest();
    for (const [id, digest] of parts) {
      addDigest(all, digest);
      byProvider.set(id, [...(byProvider.get(id) ?? []), toPart(table, digest)]);
    }
    addDigest(money, all);
    tables.push(toPart(table, all));
  }
  return {
    tables,
    providers: [...byProvider]
      .sort(([one], [other]) => one - other)
      .map(([id, parts]) => ({ partnerKey: keys.get(id) ?? null, tables: parts })),
    money: [...money.money].sort().map(([purse, total]) => {
      const [event = '', currency = ''] = purse.split(' ');
      return { event, currency, total: fromBillionths(total) };
    }),
  };
}

function toPart(table: string, digest: Digest): Part {
  return { table, rows: digest.rows, digest: showSum(digest) };
}
