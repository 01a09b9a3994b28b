import type { KeyObject } from 'node:crypto';
import { toComparedText } from '../../wire/text.ts';
import { forgottenHash, toHex } from '../ledger/hash.ts';
import type { ClickEntry } from './clicks.ts';
import { type Database, ofNoProvider, type Tables, toParts } from './database.ts';
import { findDatabaseKey } from './databaseKey.ts';
import type { RejectionEntry } from './rejections.ts';
import type { ReportEntry } from './subscriptions.ts';
import type { TrackingEntry } from './trackingStatements.ts';

/** Held by whoever forgets a customer, shared by whoever writes one. */
export const forgetting = 'onramp forgetting';

/** Names the key of the hashes of customers that were forgotten. */
export const forgottenKeyName = 'forgotten';
/** 256 bits. */
export const forgottenKeyBytes = 32;

/** The customer that a refused message names, as it would have been stored. */
export function customerIdOf(payload: Readonly<Record<string, unknown>>): string | undefined {
  const { customerId } = payload;
  if (typeof customerId !== 'string' && typeof customerId !== 'number') return undefined;
  return toComparedText(String(customerId)) || undefined;
}

/** The key of this database's hashes. */
export async function readForgottenKey(database: Database): Promise<KeyObject> {
  const key = await findDatabaseKey(database, forgottenKeyName);
  if (!key) throw new Error('The database has lost the key of its forgotten customers.');
  return key;
}

type Entry = TrackingEntry | ClickEntry | RejectionEntry | ReportEntry;

interface Customer {
  providerId: number;
  customerId: string;
}

/** Finds those of the entries whose customer was forgotten, in the transaction that writes them. */
export type FindForgotten = <Sought extends Entry>(
  tables: Tables,
  entries: readonly Sought[],
) => Promise<ReadonlySet<Sought>>;

/**
 * What is to be asked in each transaction that writes, while it shares the lock of `forgetting`: another process may
 * have forgotten a customer since. While nobody was ever forgotten it costs one query a transaction.
 */
export function createForgottenLook({ reader }: Database, forgottenKey: KeyObject): FindForgotten {
  // Compiled once, since every batch of purchases asks it.
  const somebody = reader.selectFrom('forgotten').select('hash').limit(1).compile();

  return async (tables, entries) => {
    if ((await tables.executeQuery(somebody)).rows.length === 0) return new Set();
    const hashed = entries.flatMap((entry) => {
      const customer = customerOf(entry);
      return customer
        ? [{ entry, hash: forgottenHash(forgottenKey, customer.providerId, customer.customerId) }]
        : [];
    });
    const found = new Set<string>();
    for (const part of toParts(hashed)) {
      const hashes = part.map(({ hash }) => Buffer.from(hash));
      const known = await tables.selectFrom('forgotten').select('hash').where('hash', 'in', hashes).execute();
      for (const { hash } of known) found.add(toHex(hash));
    }
    return new Set(hashed.filter(({ hash }) => found.has(toHex(hash))).map(({ entry }) => entry));
  };
}

function customerOf(entry: Entry): Customer | undefined {
  if (entry.kind === 'report') return { providerId: entry.providerId, customerId: entry.report.coid };
  if (entry.kind === 'rejection') return refusedCustomer(entry);
  if (entry.kind === 'click' || entry.customerId === undefined) return undefined;
  return { providerId: entry.providerId, customerId: entry.customerId };
}

/** A refused message, too, would bring its customer back. */
function refusedCustomer({ providerId, rejection }: RejectionEntry): Customer | undefined {
  const customerId = customerIdOf(rejection.payload);
  return customerId === undefined || providerId === ofNoProvider ? undefined : { providerId, customerId };
}
