import { hash } from 'node:crypto';
import { toBillionths, toLimbs } from '../../ledger/figures.ts';
import type { Row, Table } from './sides.ts';

/** What rows come to, in whatever order they are read: two databases in which all of it is the same hold the same. */
export interface Digest {
  rows: number;
  /** The sum of a number of 64 bits a row, the first of the SHA-256 of all that it holds. */
  sum: bigint;
  /** Amounts in billionths, by event and currency: `purchase EUR`. */
  money: Map<string, bigint>;
}

export function createDigest(): Digest {
  return { rows: 0, sum: 0n, money: new Map() };
}

/** Adds another digest up. */
export function addDigest(to: Digest, { rows, sum, money }: Digest): void {
  to.rows += rows;
  to.sum += sum;
  for (const [name, amount] of money) to.money.set(name, (to.money.get(name) ?? 0n) + amount);
}

/** As 16 hexadecimal digits. */
export function showSum({ sum }: Digest): string {
  return BigInt.asUintN(64, sum).toString(16).padStart(16, '0');
}

/** Whether both are of the same rows. */
export function areSame(one: Digest, other: Digest): boolean {
  return (
    one.rows === other.rows &&
    one.sum === other.sum &&
    one.money.size === other.money.size &&
    [...one.money].every(([name, amount]) => other.money.get(name) === amount)
  );
}

/** Where the columns stand that a digest is by. */
export function findPlaces({ columns }: Table) {
  const place = (name: string) => columns.findIndex((column) => column.name === name);
  const [provider, event, currency, amount] = ['provider_id', 'event', 'currency', 'amount'].map(place);
  return { provider: provider ?? -1, event: event ?? -1, currency: currency ?? -1, amount: amount ?? -1 };
}

/**
 * Adds a row to its provider's digest. What is hashed says of each value how long it is, or that there is none, so that
 * no two rows read alike; postgresSide.ts has the same in SQL.
 */
export function addRow(
  digests: Map<number, Digest>,
  { name }: Table,
  row: Row,
  places: ReturnType<typeof findPlaces>,
): void {
  const provider = Number(row[places.provider] ?? 0);
  let digest = digests.get(provider);
  if (!digest) {
    digest = createDigest();
    digests.set(provider, digest);
  }
  let said = name;
  for (const value of row) {
    if (value === null) said += ',-';
    else {
      const text = Buffer.isBuffer(value) ? value.toString('hex') : String(value);
      said += `,${Buffer.byteLength(text)}:${text}`;
    }
  }
  digest.rows++;
  digest.sum += BigInt.asIntN(64, BigInt(`0x${hash('sha256', said, 'hex').slice(0, 16)}`));
  const amount = row[places.amount];
  if (typeof amount === 'string') {
    const { billions, units, billionths } = toLimbs(amount);
    const purse = `${row[places.event]} ${row[places.currency]}`;
    const more = toBillionths(BigInt(billions), BigInt(units), BigInt(billionths));
    digest.money.set(purse, (digest.money.get(purse) ?? 0n) + more);
  }
}
