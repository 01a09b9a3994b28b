import { type Kysely, type SqlBool, sql } from 'kysely';
import { partnerKeyOfPool, providerPool, type RejectionRow, type RejectionStore } from '../rejections.ts';
import { fromBytes, toBytes } from './id.ts';
import type { Schema } from './schema.ts';

export function createRejectionReader(
  database: Kysely<Schema>,
): Pick<RejectionStore, 'listRejections' | 'findRejection'> {
  const rejections = database.selectFrom('rejections').selectAll();

  return {
    async listRejections({ pool, partnerKey, reason, status, since, text, before, limit }) {
      let query = rejections;
      if (pool) query = query.where('pool', '=', pool);
      if (partnerKey !== undefined) {
        query = query.where(({ or, eb }) =>
          or([
            eb('pool', '=', providerPool(partnerKey)),
            sql<SqlBool>`payload ->> '$.partnerKey' = ${partnerKey}`,
          ]),
        );
      }
      if (reason !== undefined) query = query.where('reason', '=', reason);
      if (status !== undefined) query = query.where('status', '=', status);
      if (since !== undefined) query = query.where('last_seen_at', '>=', since);
      if (text !== undefined) {
        query = query.where(
          sql<SqlBool>`exists (select 1 from json_each(payload) where instr(lower(value), lower(${text})))`,
        );
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
