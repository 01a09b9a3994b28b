import { fromBillionths } from '../../ledger/figures.ts';
import { addMoney, createDigest, type Digest, type Digests, showSum } from './digest.ts';

/** What both databases hold, alike. */
export interface Proof {
  tables: Part[];
  /** By partner key and table; what belongs to no provider is under none. */
  providers: { partnerKey: string | null; tables: Part[] }[];
  /** Sums of all events' amounts, exact decimals. */
  money: { event: string; currency: string; total: string }[];
}

interface Part {
  table: string;
  rows: number;
  digest: string;
}

/** @param keys partner keys by the providers' ids */
export function toProof(digests: ReadonlyMap<string, Digests>, keys: ReadonlyMap<number, string>): Proof {
  const tables: Part[] = [];
  const byProvider = new Map<number, Part[]>();
  const money = createDigest();
  for (const [table, parts] of digests) {
    const all = createDigest();
    for (const [provider, digest] of parts) {
      all.rows += digest.rows;
      all.sum += digest.sum;
      for (const [purse, amount] of digest.money) addMoney(money, purse, amount);
      if (digest.rows === 0) continue;
      const known = byProvider.get(provider) ?? [];
      byProvider.set(provider, known);
      known.push(toPart(table, digest));
    }
    tables.push(toPart(table, all));
  }
  return {
    tables,
    providers: [...byProvider]
      .sort(([one], [other]) => one - other)
      .map(([provider, parts]) => ({ partnerKey: keys.get(provider) ?? null, tables: parts })),
    money: [...money.money].sort().map(([purse, total]) => {
      const [event = '', currency = ''] = purse.split(' ');
      return { event, currency, total: fromBillionths(total) };
    }),
  };
}

function toPart(table: string, digest: Digest): Part {
  return { table, rows: digest.rows, digest: showSum(digest) };
}
