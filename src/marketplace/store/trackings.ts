import { type SqlBool, sql } from 'kysely';
import {
  events,
  type Level,
  latestAheadMs,
  levels,
  type TrackingEvent,
  type Verdict,
} from '../../wire/fields.ts';
import { firstIdAt, fromBytes, toBytes } from '../ledger/id.ts';
import { isPayment, isProven, type MergedCopies, payments } from '../ledger/tracking.ts';
import { type Database, type PageQuery, type Tables, toParts } from './database.ts';
import type { TrackingColumns } from './schema.ts';
import { toMergedCopies } from './trackingStatements.ts';

export interface TrackingRow {
  id: string;
  event: TrackingEvent;
  partnerKey: string;
  serviceName?: string | undefined;
  customerId?: string | undefined;
  orderId?: string | undefined;
  receivedAt: number;
  /** Whether the service's own link minted the referral for this provider. */
  referralMinted: boolean;
  /** Whether it was the provider's page that did, for a test. */
  isByTestReferral: boolean;
  /** Whose link it was then, and what the link called its campaign. */
  listing?: string | undefined;
  campaign?: string | undefined;
  /** Of all but a refund, whose order has one. */
  verdict?: Verdict | undefined;
  /** Whether it came of a referral for tests, and counts for nothing. */
  isTest: boolean;
  /** Of a payment: there are copies of its order that name another customer, and none of them is the provider's own word. */
  disputed: boolean;
  /** Of a payment: the money that was given back, as the last word on its order has it. */
  refunded?: { amount: string; currency: string } | undefined;
  merged: MergedCopies;
}

export interface TrackingQuery extends PageQuery {
  /** Of all providers where it is left out. */
  providerId?: number | undefined;
  /** All of them where it is left out. */
  events?: readonly TrackingEvent[] | undefined;
  customerId?: string | undefined;
  orderId?: string | undefined;
  serviceName?: string | undefined;
  referral?: string | undefined;
  /** Whose referral a link of that listing has minted for this provider. */
  listing?: string | undefined;
  campaign?: string | undefined;
  /** By when it happened, in epoch milliseconds; before `to`. */
  from?: number | undefined;
  to?: number | undefined;
  /** At least this level. */
  trust?: Level | undefined;
  verdict?: Verdict | undefined;
  /** Tests alone, or all but tests. */
  isTest?: boolean | undefined;
}

export type TrackingStore = ReturnType<typeof createTrackingStore>;

/** Purchases, signups and visits, as they are read. */
export function createTrackingStore({ reader }: Database) {
  /**
   * What happened then or later arrived no more than a day before, and ids are in the order of arrival: so not all that
   * is older has to be read. But a stronger copy may have made the time of an old row a later one.
   */
  async function listEvent(event: TrackingEvent, query: TrackingQuery) {
    const rows = selectEvent(reader, event, query);
    if (query.from === undefined) return await rows.execute();
    const earliest = toBytes(firstIdAt(query.from - latestAheadMs));
    const recent = await rows.where('trackings.id', '>=', earliest).execute();
    if (recent.length === query.limit) return recent;
    const moved = await rows.where('trackings.id', '<', earliest).where(isMoved).execute();
    return [...recent, ...moved].slice(0, query.limit);
  }

  async function findRefunds(orders: readonly JoinedTracking[]): Promise<ReadonlyMap<string, Refund>> {
    const latest = new Map<string, Refund>();
    for (const [providerId, ofOne] of Map.groupBy(orders, (row) => row.provider_id)) {
      for (const part of toParts(ofOne.map(({ id }) => id))) {
        for (const { id, amount, currency } of await selectRefunds(reader, providerId, part).execute()) {
          if (amount !== null && currency !== null) latest.set(fromBytes(id), { amount, currency });
        }
      }
    }
    return latest;
  }

  async function present(rows: readonly JoinedTracking[]): Promise<TrackingRow[]> {
    const orders = rows.filter((row) => isPayment(row.event) && row.order_id !== null);
    const refunds = await findRefunds(orders);
    return rows.map((row) => toTrackingRow(row, refunds.get(fromBytes(row.id))));
  }

  return {
    /** Of all providers where none is given: whoever has an id alone looks everywhere. */
    async findTracking(id: string, providerId?: number): Promise<TrackingRow | undefined> {
      const found = joinTrackings(reader, providerId).where('trackings.id', '=', toBytes(id));
      return (await present(await found.execute()))[0];
    },

    /** The visit with that key, as ledger/hash.ts digests it. */
    async findVisit(providerId: number, key: Uint8Array): Promise<TrackingRow | undefined> {
      return (await present(await selectVisit(reader, providerId, key).execute()))[0];
    },

    async listTrackings(query: TrackingQuery): Promise<TrackingRow[]> {
      if (query.customerId !== undefined || query.orderId !== undefined) {
        return await present(await selectOwned(reader, query).execute());
      }
      // Each event by itself, since the index is ordered by event before it is by id.
      const wanted = query.events ?? events;
      const lists = await Promise.all(wanted.map((event) => listEvent(event, query)));
      const newestFirst = lists.flat().sort((one, other) => Buffer.compare(other.id, one.id));
      return await present(newestFirst.slice(0, query.limit));
    },
  };
}

/** By the index of what has no customer. */
export function selectVisit(tables: Tables, providerId: number, key: Uint8Array) {
  return joinTrackings(tables, providerId)
    .where('trackings.customer_id', 'is', null)
    .where('trackings.dedupe_key', '=', Buffer.from(key));
}

const unproven = levels.filter((level) => !isProven(level));

/**
 * Rows with what other tables and rows make of them, of all providers where none is given. A table that is spread is told
 * in each place where it stands whose rows are looked for, lest all others' be looked among.
 */
function joinTrackings(tables: Tables, providerId: number | undefined) {
  const isOwn = (column: string) =>
    providerId === undefined ? sql<SqlBool>`1 = 1` : sql<SqlBool>`${sql.ref(column)} = ${providerId}`;
  return tables
    .selectFrom('trackings')
    .innerJoin('providers', 'providers.id', 'trackings.provider_id')
    .selectAll('trackings')
    .select((row) => [
      'providers.partner_key',
      sql<SqlBool>`${row.and([
        row('trackings.event', 'in', payments),
        // Where the provider itself has named the order, there is no other: nothing has to be looked for.
        row('trackings.trust', 'in', unproven),
        row.exists(
          row
            .selectFrom('trackings as rival')
            .select('rival.id')
            .whereRef('rival.provider_id', '=', 'trackings.provider_id')
            .whereRef('rival.order_id', '=', 'trackings.order_id')
            .whereRef('rival.service_name', '=', 'trackings.service_name')
            .whereRef('rival.dedupe_key', '<>', 'trackings.dedupe_key')
            .where('rival.event', 'in', payments)
            .where(isOwn('rival.provider_id')),
        ),
      ])}`.as('disputed'),
    ])
    .where(isOwn('trackings.provider_id'));
}

function select(tables: Tables, query: TrackingQuery) {
  const { providerId, customerId, orderId, serviceName, referral, from, to, trust, before, limit } = query;
  const { listing, campaign } = query;
  let rows = joinTrackings(tables, providerId);
  if (customerId !== undefined) rows = rows.where('trackings.customer_id', '=', customerId);
  if (orderId !== undefined) rows = rows.where('trackings.order_id', '=', orderId);
  if (serviceName !== undefined) rows = rows.where('trackings.service_name', '=', serviceName);
  if (referral !== undefined) rows = rows.where('trackings.referral', '=', referral);
  if (listing !== undefined) rows = rows.where('trackings.listing', '=', listing);
  if (campaign !== undefined) rows = rows.where('trackings.campaign', '=', campaign);
  if (listing !== undefined || campaign !== undefined) {
    rows = rows.whereRef('trackings.minted_for', '=', 'trackings.provider_id');
  }
  if (from !== undefined) rows = rows.where('trackings.purchased_at', '>=', from);
  if (to !== undefined) rows = rows.where('trackings.purchased_at', '<', to);
  if (trust !== undefined) rows = rows.where('trackings.trust', 'in', levels.slice(levels.indexOf(trust)));
  if (query.verdict !== undefined) rows = rows.where('trackings.verdict', '=', query.verdict);
  if (query.isTest !== undefined) rows = rows.where('trackings.test', '=', query.isTest ? 1 : 0);
  if (before) rows = rows.where('trackings.id', '<', toBytes(before));
  return rows.orderBy('trackings.id', 'desc').limit(limit);
}

/** Rows of an event, by the order of arrival. */
export function selectEvent(tables: Tables, event: TrackingEvent, query: TrackingQuery) {
  return select(tables, query).where('trackings.event', '=', event);
}

/**
 * Rows of a customer or an order: few, found by its index and sorted. The event is no more than a look at each, lest
 * SQLite, which knows nothing of how many there are, read all that the provider has of that event instead.
 */
export function selectOwned(tables: Tables, query: TrackingQuery) {
  let rows = select(tables, query);
  if (query.providerId === undefined) {
    // The indexes begin with the provider: looked for in each, and not among everything.
    rows = rows.where('trackings.provider_id', 'in', tables.selectFrom('providers').select('providers.id'));
  }
  return query.events ? rows.where(sql`trackings.event || ''`, 'in', query.events) : rows;
}

/** As the index trackings_moved has it, letter by letter, or it isn't found. */
export const isMoved = sql<SqlBool>`trackings.purchased_at > trackings.received_at + ${sql.lit(latestAheadMs)}`;

interface Refund {
  amount: string;
  currency: string;
}

/**
 * The last word on the refunds of the provider's rows' orders, by the rows' ids; of words of the same time the larger one, and else
 * whichever the order of arrival has no part in. Found by an index of that order, so that no row costs more where there
 * are many. SQLite has no exact decimals: of sums that differ beyond the 15th digit, which no money does, any stands.
 */
export function selectRefunds(tables: Tables, providerId: number, ids: readonly Buffer[]) {
  return tables
    .selectFrom('trackings')
    .innerJoin('trackings as refund', (join) =>
      join.on('refund.provider_id', '=', providerId).on('refund.id', '=', ({ selectFrom }) =>
        selectFrom('trackings as word')
          .select('word.id')
          .where('word.provider_id', '=', providerId)
          .whereRef('word.order_id', '=', 'trackings.order_id')
          .whereRef('word.service_name', '=', 'trackings.service_name')
          .where('word.event', '=', sql.lit('refund'))
          // Sorted by it instead, SQLite would take another index.
          .where('word.purchased_at', '=', (latest) =>
            latest
              .selectFrom('trackings as other')
              .select(({ fn }) => fn.max('other.purchased_at').as('time'))
              .where('other.provider_id', '=', providerId)
              .whereRef('other.order_id', '=', 'trackings.order_id')
              .whereRef('other.service_name', '=', 'trackings.service_name')
              .where('other.event', '=', sql.lit('refund')),
          )
          .orderBy(sql`cast(word.amount as numeric)`, 'desc')
          .orderBy('word.currency', 'desc')
          .orderBy('word.amount', 'desc')
          .limit(sql.lit(1)),
      ),
    )
    .where('trackings.provider_id', '=', providerId)
    .where('trackings.id', 'in', ids)
    .select(['trackings.id', 'refund.amount', 'refund.currency']);
}

type JoinedTracking = TrackingColumns & {
  partner_key: string;
  disputed: SqlBool;
};

function toTrackingRow(row: JoinedTracking, refunded: Refund | undefined): TrackingRow {
  return {
    id: fromBytes(row.id),
    event: row.event,
    partnerKey: row.partner_key,
    serviceName: row.service_name ?? undefined,
    customerId: row.customer_id ?? undefined,
    orderId: row.order_id ?? undefined,
    receivedAt: row.received_at,
    ...toClick(row),
    verdict: row.verdict ?? undefined,
    isTest: row.test === 1,
    disputed: Boolean(row.disputed),
    refunded,
    merged: toMergedCopies(row),
  };
}

/** By which link the referral was minted; of another provider's link nothing is told. */
function toClick({ minted_for: mintedFor, provider_id: own, listing, campaign }: JoinedTracking) {
  if (mintedFor !== own) return { referralMinted: false, isByTestReferral: false };
  return {
    referralMinted: true,
    isByTestReferral: listing === '',
    listing: listing || undefined,
    campaign: campaign ?? undefined,
  };
}
