import { type Selectable, sql } from 'kysely';
import type { Level } from '../../wire/fields.ts';
import type { FieldError } from '../../wire/problem.ts';
import { fromBytes, toBytes } from '../ledger/id.ts';
import type { Via } from '../ledger/tracking.ts';
import { createByPlace, sumOfAll } from './byPlace.ts';
import type { Database, PageQuery } from './database.ts';
import type { Schema } from './schema.ts';

export interface RejectionEntry {
  kind: 'rejection';
  id: string;
  /** `ofNoProvider` where it belongs to none. */
  providerId: number;
  /** Which share of the bounded space it lives in, and so who may see it. */
  pool: string;
  /** Hash of what makes rejections alike: they share a row with a count. */
  fingerprint: Uint8Array;
  receivedAt: number;
  rejection: Rejection;
}

/** What was refused and why; nothing in it is secret. */
export interface Rejection {
  status: number;
  reason: string;
  detail: string;
  errors: readonly FieldError[];
  /** The level it arrived with. */
  trust: Level;
  via: Via;
  payload: Readonly<Record<string, unknown>>;
}

export interface RejectionRow extends Rejection {
  id: string;
  /** `ofNoProvider` where it belongs to none. */
  providerId: number;
  /** Changes with every recurrence; the list is ordered by it. */
  latestId: string;
  partnerKey?: string | undefined;
  count: number;
  firstSeenAt: number;
  lastSeenAt: number;
}

/** Everything that is named must fit. */
export interface RejectionQuery extends PageQuery {
  /** Oldest first: `before` is then what comes before the page. */
  isOldestFirst?: boolean | undefined;
  pool?: string | undefined;
  providerId?: number | undefined;
  /** In the provider's pool, or said by a message that was refused before its provider was known. */
  partnerKey?: string | undefined;
  reason?: string | undefined;
  status?: number | undefined;
  /** Last seen then or later, and before. */
  from?: number | undefined;
  to?: number | undefined;
  /** As they were sent. */
  customerId?: string | undefined;
  orderId?: string | undefined;
  /** In any value that was sent, in any case. */
  text?: string | undefined;
}

/** What was refused for one reason. */
export interface RefusedReason {
  reason: string;
  /** Rows, in which alike messages are one, and messages. */
  rows: number;
  messages: number;
  lastSeenAt: number;
}

/** The pools that belong to no provider. Of a full store, unreadable ones go first. */
export const unreadablePool = 'unreadable';
export const unknownKeyPool = 'unknown-key';

/** The pool of a provider's own rejections. */
export function providerPool(partnerKey: string): string {
  return `provider:${partnerKey}`;
}

/** The provider that a pool belongs to; undefined for the pools that belong to none. */
export function partnerKeyOfPool(pool: string): string | undefined {
  return pool.startsWith('provider:') ? pool.slice('provider:'.length) : undefined;
}

/**
 * How many rejections are kept, in rows. Each process may add `uncounted` more before it counts them: of a full store that
 * takes 6 ms on SQLite, 1 µs for each.
 */
export const rejectionLimits = {
  unreadable: 1_000,
  /** For each other pool: one for each provider, one for all unknown partner keys together. */
  pool: 10_000,
  all: 100_000,
  uncounted: 5_000,
} as const;

/** Where refused messages wait for somebody to look at them, and to replay them once their cause is mended. */
export function createRejectionStore(database: Database) {
  const { reader, transact, words } = database;
  const byPlace = createByPlace(database);
  const rejections = reader.selectFrom('rejections').selectAll();

  return {
    /** Ordered by when each was last seen, newest first unless the query says otherwise. */
    async listRejections(query: RejectionQuery): Promise<RejectionRow[]> {
      const { isOldestFirst = false } = query;
      const {
        pool,
        providerId,
        partnerKey,
        reason,
        status,
        from,
        to,
        customerId,
        orderId,
        text,
        before,
        limit,
      } = query;
      let found = rejections;
      if (pool) found = found.where('pool', '=', pool);
      if (providerId !== undefined) found = found.where('provider_id', '=', providerId);
      if (partnerKey !== undefined) {
        found = found.where(({ or, eb }) =>
          or([eb('pool', '=', providerPool(partnerKey)), words.says('partnerKey', partnerKey)]),
        );
      }
      if (reason !== undefined) found = found.where('reason', '=', reason);
      if (status !== undefined) found = found.where('status', '=', status);
      if (from !== undefined) found = found.where('last_seen_at', '>=', from);
      if (to !== undefined) found = found.where('last_seen_at', '<', to);
      if (customerId !== undefined) found = found.where(words.says('customerId', customerId));
      if (orderId !== undefined) found = found.where(words.says('orderId', orderId));
      if (text !== undefined) found = found.where(words.hasText(text));
      if (before) found = found.where('latest_id', isOldestFirst ? '>' : '<', toBytes(before));
      const ordered = found.orderBy('latest_id', isOldestFirst ? 'asc' : 'desc');
      return (await ordered.limit(limit).execute()).map(toRejectionRow);
    },

    /** By reason, the most messages first. */
    async countRefusedReasons({
      pool,
      providerId,
    }: Pick<RejectionQuery, 'pool' | 'providerId'>): Promise<RefusedReason[]> {
      let counted = reader
        .selectFrom('rejections')
        .select(({ fn }) => [
          'reason',
          fn.countAll<number>().as('rows'),
          sql<number>`cast(sum(count) as ${sql.raw(words.columns.long)})`.as('messages'),
          fn.max('last_seen_at').as('lastSeenAt'),
        ])
        .groupBy('reason');
      if (pool) counted = counted.where('pool', '=', pool);
      if (providerId !== undefined) counted = counted.where('provider_id', '=', providerId);
      const reasons = await counted.execute();
      return reasons.sort((one, other) => other.messages - one.messages);
    },

    /** Of all providers where none is given: whoever has an id alone looks everywhere. */
    async findRejection(id: string, providerId?: number): Promise<RejectionRow | undefined> {
      let found = rejections.where('id', '=', toBytes(id));
      if (providerId !== undefined) found = found.where('provider_id', '=', providerId);
      const row = await found.executeTakeFirst();
      return row && toRejectionRow(row);
    },

    /** Deletes what was last seen before that time; returns how many rows it deleted. */
    purgeRejections: (lastSeenBefore: number): Promise<number> =>
      sumOfAll(
        byPlace((whose) =>
          transact(async (tables) => {
            let old = tables.deleteFrom('rejections').where('last_seen_at', '<', lastSeenBefore);
            if (whose) old = old.where('provider_id', 'in', whose);
            return Number((await old.executeTakeFirst()).numDeletedRows);
          }),
        ),
      ),
  };
}

function toRejectionRow(row: Selectable<Schema['rejections']>): RejectionRow {
  return {
    id: fromBytes(row.id),
    providerId: row.provider_id,
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
