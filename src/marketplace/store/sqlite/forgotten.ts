import type Database from 'better-sqlite3';
import { forgottenHash } from '../../ledger/hash.ts';
import type { Entry } from '../ledger.ts';
import { partnerKeyOfPool, type RejectionEntry } from '../rejections.ts';
import { forgottenKeyName } from '../sql/forgottenKey.ts';
import { customerIdOf } from '../sql/refusedCustomer.ts';

interface Customer {
  providerId: number;
  customerId: string;
}

/** The key of this database's hashes. */
export function readForgottenKey(connection: Database.Database): Buffer {
  const select = connection.prepare<[string], { key: Buffer }>(
    'select key from database_keys where name = ?',
  );
  const row = select.get(forgottenKeyName);
  if (!row) throw new Error('The database has lost the key of its forgotten customers.');
  return row.key;
}

/**
 * Returns what begins a look, to be called in each transaction that writes: another process may have forgotten a
 * customer since. While nobody was ever forgotten it costs one query a transaction.
 */
export function prepareForgottenLook(connection: Database.Database): () => (entry: Entry) => boolean {
  const key = readForgottenKey(connection);
  const findAny = connection.prepare('select 1 from forgotten limit 1');
  const find = connection.prepare<[Uint8Array]>('select 1 from forgotten where hash = ?');
  const findProvider = connection.prepare<[string], { id: number }>(
    'select id from providers where partner_key = ?',
  );

  function customerOf(entry: Entry): Customer | undefined {
    if (entry.kind === 'report') return { providerId: entry.providerId, customerId: entry.report.coid };
    if (entry.kind === 'rejection') return refusedCustomer(entry);
    if (entry.kind === 'click' || entry.customerId === undefined) return undefined;
    return { providerId: entry.providerId, customerId: entry.customerId };
  }

  /** A refused message, too, would bring its customer back. */
  function refusedCustomer({ pool, rejection }: RejectionEntry): Customer | undefined {
    const customerId = customerIdOf(rejection.payload);
    const provider = customerId === undefined ? undefined : findProvider.get(partnerKeyOfPool(pool) ?? '');
    return customerId === undefined || !provider ? undefined : { providerId: provider.id, customerId };
  }

  return () => {
    if (findAny.get() === undefined) return () => false;
    return (entry) => {
      const customer = customerOf(entry);
      return (
        customer !== undefined &&
        find.get(forgottenHash(key, customer.providerId, customer.customerId)) !== undefined
      );
    };
  };
}
