import type Database from 'better-sqlite3';
import { sameCustomerWindowMs } from '../../../wire/fields.ts';
import { ConflictError, firstCopy, mergeCopy } from '../../ledger/merge.ts';
import type { Outcome, TrackingEntry } from '../ledger.ts';
import { fromBytes } from '../sql/id.ts';
import { mergedColumns, type StoredCopies, toMergedCopies, trackingColumns } from '../sql/trackingColumns.ts';

const mergedFields = `id, purchased_at, amount, currency, referral, referral_source, landed_at, page,
  trust, copies`;

type Found = StoredCopies & { id: Buffer };

/** Prepares the writing of purchases, signups and visits; to be called inside a transaction. */
export function prepareTrackingWrite(connection: Database.Database): (entry: TrackingEntry) => Outcome {
  const findByKey = connection.prepare<[Uint8Array], Found>(
    `select ${mergedFields} from trackings where dedupe_key = ?`,
  );
  const findNearby = connection.prepare<unknown[], Found>(
    `select ${mergedFields} from trackings
     where stamped = 1 and provider_id = :providerId and customer_id = :customerId
       and service_name = :serviceName
       and purchased_at > :purchasedAt - ${sameCustomerWindowMs}
       and purchased_at < :purchasedAt + ${sameCustomerWindowMs}
     order by abs(purchased_at - :purchasedAt) limit 1`,
  );
  const insert = connection.prepare(
    `insert into trackings (id, event, dedupe_key, provider_id, stamped, service_name, customer_id, order_id,
       purchased_at, amount, currency, referral, referral_source, landed_at, page, trust, copies, received_at)
     values (:id, :event, :dedupe_key, :provider_id, :stamped, :service_name, :customer_id, :order_id,
       :purchased_at, :amount, :currency, :referral, :referral_source, :landed_at, :page, :trust, :copies,
       :received_at)`,
  );
  const update = connection.prepare(
    `update trackings set purchased_at = :purchased_at, amount = :amount, currency = :currency,
       referral = :referral, referral_source = :referral_source, landed_at = :landed_at, page = :page,
       trust = :trust, copies = :copies
     where id = :id`,
  );

  function find(entry: TrackingEntry): Found | undefined {
    const found = entry.key && findByKey.get(entry.key);
    if (found || !entry.stamped) return found;
    const { providerId, customerId, serviceName } = entry;
    const { purchasedAt } = firstCopy(entry.copy).details;
    return findNearby.get({ providerId, customerId, serviceName, purchasedAt });
  }

  function add(entry: TrackingEntry): Outcome {
    insert.run(trackingColumns(entry, firstCopy(entry.copy)));
    return { result: 'created', id: entry.id };
  }

  return (entry) => {
    const found = find(entry);
    if (!found) return add(entry);
    const id = fromBytes(found.id);
    const known = toMergedCopies(found);
    try {
      const merged = mergeCopy(known, entry.copy);
      if (merged !== known) update.run({ id: found.id, ...mergedColumns(merged) });
      return { result: 'duplicate', id };
    } catch (error) {
      if (error instanceof ConflictError) return { result: 'conflict', id };
      throw error;
    }
  };
}
