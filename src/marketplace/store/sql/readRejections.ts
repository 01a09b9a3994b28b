import type { Expression, Kysely, SqlBool } from 'kysely';
import { partnerKeyOfPool, providerPool, type RejectionRow, type RejectionStore } from '../rejections.ts';
import { fromBytes, toBytes } from './id.ts';
import type { Schema } from './schema.ts';

/** How a database looks into a payload, which is a JSON object as text. */
export interface PayloadConditions {
  /** Whether its partnerKey is this one. */
  namesKey(partnerKey: string): Expression<SqlBool>;
  /** Whether any of its values has the text in it, in any case. */
  hasText(text: string): Expression<SqlBool>;
}

export function createRejectionReader(
  database: Kysely<Schema>,
  { namesKey, hasText }: PayloadConditions,
): Pick<RejectionStore, 'listRejections' | 'findRejection'> {
  const rejections = database.selectFrom('rejections').selectAll();

  return {
    async listRejections({ pool, partnerKey, reason, status, since, text, before, limit }) {
      let query = rejections;
      if (pool) query = query.where('pool', '=', pool);
      if (partnerKey !== undefined) {
        query = query.where(({ or, eb }) =>
          or([eb('pool', '=', providerPool(partnerKey)), namesKey(partnerKey)]),
        );
      }
      if (reason !== undefined) query = query.where('reason', '=', reason);
      if (status !== undefined) query = query.where('status', '=', status);
      if (since !== undefined) query = query.where('last_seen_at', '>=', since);
      if (text !== undefined) {
        query = query.where(hasText(text));
      }
      if (before) query = query.where('latest_id', '<', toBytes(before));
      const rows = await query.orderBy('latest_id', 'desc').limit(limit).execute();
      return rows.map(toRejectionRow);
    },

    async findRejection(id) {
      const found = await rejections.where('id', '=', toBytes(id)).executeTakeFirst();
      return found && toRejectionRow(found);
    },
  };
}

function toRejectionRow(row: Schema['rejections']): RejectionRow {
  return {
    id: fromBytes(row.id),
    latestId: fromBytes(row.latest_id),
    partnerKey: partnerKeyOfPool(row.pool),
    status: row.status,
    reason: row.reason,
    detail: row.detail,
    errors: JSON.parse(row.errors),
    trust: row.trust,
    via: row.via,
    payload: JSON.parse(row.payload),
    count: row.count,
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
  };
}
