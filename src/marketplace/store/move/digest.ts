import { hash } from 'node:crypto';
import { toBillionths, toLimbs } from '../../ledger/figures.ts';
import type { Row, Table } from './table.ts';

/** What a row adds to its provider's digest. */
export interface Print {
  /** 0 where it belongs to none. */
  provider: number;
  /** 64 bits, the first of the SHA-256 of all that the row holds. */
  sum: bigint;
  /** Its event and currency, and its amount in billionths, where it has one: `purchase EUR`. */
  purse: string | undefined;
  amount: bigint;
}

/** What rows come to, in whatever order they are read: two tables of which all of it is the same hold the same rows. */
export interface Digest {
  rows: number;
  /** Of the rows' numbers. */
  sum: bigint;
  /** In billionths. */
  money: Map<string, bigint>;
}

/** By provider. */
export type Digests = Map<number, Digest>;

export function createDigest(): Digest {
  return { rows: 0, sum: 0n, money: new Map() };
}

/** Adds a row to the digest of its provider, or takes it off. */
export function addPrint(digests: Digests, { provider, sum, purse, amount }: Print, sign: 1 | -1): void {
  const digest = digests.get(provider) ?? createDigest();
  digests.set(provider, digest);
  digest.rows += sign;
  digest.sum += BigInt(sign) * sum;
  if (purse !== undefined) addMoney(digest, purse, BigInt(sign) * amount);
}

export function addMoney({ money }: Digest, purse: string, amount: bigint): void {
  money.set(purse, (money.get(purse) ?? 0n) + amount);
}

/** As 16 hexadecimal digits. */
export function showSum({ sum }: Digest): string {
  return BigInt.asUintN(64, sum).toString(16).padStart(16, '0');
}

/** Whether its rows have amounts of events. */
export function hasMoneyColumns({ columns }: Table): boolean {
  return ['event', 'currency', 'amount'].every((name) => columns.some((column) => column.name === name));
}

/**
 * Returns what makes a table's prints. What is hashed says of each value how long it is, or that there is none, so that
 * no two rows read alike; postgresSide.ts has the same in SQL.
 */
export function createPrinter(table: Table): (row: Row) => Print {
  const place = (name: string) => table.columns.findIndex((column) => column.name === name);
  const [provider, event, currency, amount] = [
    place('provider_id'),
    place('event'),
    place('currency'),
    place('amount'),
  ];
  const isMoney = hasMoneyColumns(table);
  return (row) => {
    let said = table.name;
    for (const value of row) {
      const text = Buffer.isBuffer(value) ? value.toString('hex') : String(value);
      said += value === null ? ',-' : `,${Buffer.byteLength(text)}:${text}`;
    }
    const paid = isMoney ? row[amount] : null;
    return {
      provider: Number(row[provider] ?? 0),
      sum: BigInt.asIntN(64, BigInt(`0x${hash('sha256', said, 'hex').slice(0, 16)}`)),
      purse: typeof paid === 'string' ? `${row[event]} ${row[currency]}` : undefined,
      amount: typeof paid === 'string' ? toAmount(paid) : 0n,
    };
  };
}

function toAmount(text: string): bigint {
  const { billions, units, billionths } = toLimbs(text);
  return toBillionths(BigInt(billions), BigInt(units), BigInt(billionths));
}
