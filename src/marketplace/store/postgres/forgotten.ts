import { forgottenHash } from '../../ledger/hash.ts';
import type { Entry } from '../ledger.ts';
import { partnerKeyOfPool, type RejectionEntry } from '../rejections.ts';
import { forgottenKeyName } from '../sql/forgottenKey.ts';
import { customerIdOf } from '../sql/refusedCustomer.ts';
import type { Connection } from './pool.ts';

interface Customer {
  providerId: number;
  customerId: string;
}

/** The key of this database's hashes. */
export async function readForgottenKey(connection: Pick<Connection, 'query'>): Promise<Buffer> {
  const { rows } = await connection.query<{ key: Buffer }>('select key from database_keys where name = $1', [
    forgottenKeyName,
  ]);
  const [row] = rows;
  if (!row) throw new Error('The database has lost the key of its forgotten customers.');
  return row.key;
}

/**
 * Those of the entries whose customer was forgotten. To be called in the transaction that writes, while it shares the
 * lock of forgetting. While nobody was ever forgotten it costs one query.
 */
export async function findForgotten(
  connection: Connection,
  key: Uint8Array,
  entries: readonly Entry[],
): Promise<Set<Entry>> {
  const forgotten = new Set<Entry>();
  const { rows: somebody } = await connection.query('select 1 from forgotten limit 1');
  if (somebody.length === 0) return forgotten;

  const providerIds = await findRefused(connection, entries);
  const hashes = new Map<Entry, string>();
  for (const entry of entries) {
    const customer = customerOf(entry, providerIds);
    if (customer) hashes.set(entry, toHex(forgottenHash(key, customer.providerId, customer.customerId)));
  }
  const { rows } = await connection.query<{ hash: Buffer }>(
    `select hash from forgotten where hash in (select decode(hex, 'hex') from unnest($1::text[]) as sent (hex))`,
    [[...hashes.values()]],
  );
  const found = new Set(rows.map(({ hash }) => toHex(hash)));
  for (const [entry, hash] of hashes) if (found.has(hash)) forgotten.add(entry);
  return forgotten;
}

/** The ids of the providers that refused messages are about. */
async function findRefused(
  connection: Connection,
  entries: readonly Entry[],
): Promise<ReadonlyMap<string, number>> {
  const keys = entries.flatMap((entry) =>
    entry.kind === 'rejection' ? (partnerKeyOfPool(entry.pool) ?? []) : [],
  );
  if (keys.length === 0) return new Map();
  const { rows } = await connection.query<{ partner_key: string; id: number }>(
    'select partner_key, id from providers where partner_key = any($1::text[])',
    [keys],
  );
  return new Map(rows.map(({ partner_key, id }) => [partner_key, id]));
}

function customerOf(entry: Entry, providerIds: ReadonlyMap<string, number>): Customer | undefined {
  if (entry.kind === 'report') return { providerId: entry.providerId, customerId: entry.report.coid };
  if (entry.kind === 'rejection') return refusedCustomer(entry, providerIds);
  if (entry.kind === 'click' || entry.customerId === undefined) return undefined;
  return { providerId: entry.providerId, customerId: entry.customerId };
}

/** A refused message, too, would bring its customer back. */
function refusedCustomer(
  { pool, rejection }: RejectionEntry,
  providerIds: ReadonlyMap<string, number>,
): Customer | undefined {
  const customerId = customerIdOf(rejection.payload);
  const providerId = providerIds.get(partnerKeyOfPool(pool) ?? '');
  return customerId === undefined || providerId === undefined ? undefined : { providerId, customerId };
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
