import { setImmediate as turn } from 'node:timers/promises';
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import { events, type TrackingEvent } from '../../wire/fields.ts';
import { spans } from '../ledger/figures.ts';
import { firstIdAt, toBytes } from '../ledger/id.ts';
import { firstCopy } from '../ledger/merge.ts';
import { isPayment, payments } from '../ledger/tracking.ts';
import { createByPlace, forEachProvider, sumOfAll, type Whose } from './byPlace.ts';
import { type Database, ofNoProvider, type Tables } from './database.ts';
import { forgetting } from './forgotten.ts';
import type { RetainedKind, Schema } from './schema.ts';
import type { TrackingEntry } from './trackingStatements.ts';

/** Deleted in one transaction: some milliseconds, in which nobody else can write to SQLite, nor a process there answer. */
const rowsAtOnce = 500;

/** Rows of a provider that are old by their own times, walked through in the order of their ids. */
interface OldRows {
  providerId: number;
  /** Epoch milliseconds. */
  before: number;
}

/** Quarters of hours of a provider's figures that are deleted in one transaction, each of which has some groups. */
const quartersAtOnceMs = 6 * 3_600_000;

/** The oldest rows that are looked at in one go for whose they are. */
const oldestAtOnce = 2_000;

/** A row by what names it everywhere. */
interface Named {
  id: Buffer;
  provider_id: number;
}

interface OldestQuery {
  before: number;
  after: Buffer;
  whose: Whose;
}

/** Where rows of a kind stand: a walk through each, in this order. */
interface Source {
  /** Whether a copy may come of one that was deleted, long after it. A visit is sent once, and a click isn't sent. */
  hasCopies: boolean;
  /** Rows with ids of before that time, the oldest after that one first. */
  findOldest(tables: Tables, query: OldestQuery): Promise<Named[]>;
  /** The ids of the provider's next rows after that one that are old, the oldest first. */
  find(tables: Tables, old: OldRows, after: Buffer): Promise<Buffer[]>;
  /** Deletes those that are old still: a stronger copy may know better since they were found. */
  remove(tables: Tables, old: OldRows, ids: readonly Buffer[]): Promise<number>;
}

const sourcesOf: Readonly<Record<RetainedKind, readonly Source[]>> = {
  // Refunds last, each of which counts as long as there is a payment.
  purchases: [
    ...events.filter((event) => event !== 'visit' && event !== 'refund').map(trackingSource),
    trackingSource('refund'),
  ],
  visits: [trackingSource('visit')],
  clicks: [clickSource()],
};

const firstId: Buffer = toBytes(firstIdAt(0));

/** Deletes rows that are old. The figures stay: nothing is taken off them. */
export function createRetentionStore(database: Database) {
  const { reader, transactLedger, findPlace } = database;
  const byPlace = createByPlace(database);

  /** Of those providers alone that have rows of before that time: few of many have any in an hour. */
  async function deleteOld(source: Source, before: number, whose: Whose): Promise<number> {
    const done = new Set<number>();
    let after = firstId;
    for (let deleted = 0; ; ) {
      const oldest = await source.findOldest(reader, { before, after, whose });
      for (const { provider_id: providerId } of oldest) {
        if (done.has(providerId)) continue;
        done.add(providerId);
        deleted += await deleteRows(source, { providerId, before });
      }
      const last = oldest.at(-1);
      if (!last || oldest.length < oldestAtOnce) return deleted;
      after = last.id;
      await turn();
    }
  }

  /** The provider's rows of one source; says so before it deletes any. */
  async function deleteRows(source: Source, old: OldRows): Promise<number> {
    let after = firstId;
    for (let deleted = 0; ; ) {
      const ids = await source.find(reader, old, after);
      const last = ids.at(-1);
      if (!last) return deleted;
      if (deleted === 0 && source.hasCopies) await note(old);
      deleted += await transactLedger((tables) => source.remove(tables, old, ids));
      if (ids.length < rowsAtOnce) return deleted;
      after = last;
      await turn();
    }
  }

  /**
   * Commits from when on the provider's purchases are still there, before the first of the others goes. Who writes just
   * then is waited for: it hasn't seen that.
   */
  async function note({ providerId, before }: OldRows): Promise<void> {
    await transactLedger(
      (tables) =>
        tables
          .insertInto('purges')
          .values({ provider_id: providerId, purchases_before: before })
          .onConflict((conflict) =>
            conflict
              .column('provider_id')
              .doUpdateSet({ purchases_before: before })
              .where('purges.purchases_before', '<', before),
          )
          .execute(),
      { hold: [forgetting] },
    );
  }

  async function listProviderIds(): Promise<number[]> {
    return (await reader.selectFrom('providers').select('id').orderBy('id').execute()).map(({ id }) => id);
  }

  return {
    /**
     * Deletes what happened and arrived before that time, provider by provider, the oldest first; returns how many. It
     * walks in the order of ids, so that it needs no index of its own, which every insert would pay for; a row that was
     * replayed late has a late id and goes that much later.
     */
    async purge(kind: RetainedKind, before: number): Promise<number> {
      let deleted = 0;
      for (const source of sourcesOf[kind]) {
        deleted += await sumOfAll(byPlace((whose) => deleteOld(source, before, whose)));
      }
      return deleted;
    },

    /** Deletes figures of quarters of hours of before that time, of which days and months stay; returns how many. */
    async purgeQuarters(before: number): Promise<number> {
      let deleted = 0;
      const providerIds = [ofNoProvider, ...(await listProviderIds())];
      await forEachProvider(providerIds, findPlace, async (providerId) => {
        for (;;) {
          const oldest = await findOldestQuarter(reader, providerId);
          if (oldest === undefined || oldest >= before) break;
          const end = Math.min(before, oldest + quartersAtOnceMs);
          deleted += await transactLedger((tables) => deleteQuarters(tables, { providerId, before: end }));
          await turn();
        }
        await turn();
      });
      return deleted;
    },
  };
}

/**
 * Which of the entries, where there is no row of them, may be late copies of one that was deleted and is counted. To be
 * asked in the transaction that writes, while it shares the lock of `forgetting`: who deletes says so first.
 */
export async function findOutdated(
  tables: Tables,
  entries: readonly TrackingEntry[],
): Promise<ReadonlySet<TrackingEntry>> {
  const late = entries.filter(isLate);
  if (late.length === 0) return new Set();
  const providerIds = [...new Set(late.map(({ providerId }) => providerId))];
  const rows = await tables
    .selectFrom('purges')
    .selectAll()
    .where('provider_id', 'in', providerIds)
    .execute();
  const beforeOf = new Map(rows.map((row) => [row.provider_id, row.purchases_before]));
  // What arrived before that time itself, did so by a clock that is behind, or was refused then and is replayed.
  const isOutdated = (entry: TrackingEntry, before = 0) =>
    happenedAt(entry) < before && entry.copy.receivedAt >= before;
  return new Set(late.filter((entry) => isOutdated(entry, beforeOf.get(entry.providerId))));
}

/** Less than any retention: what arrives as soon as that was never deleted before. */
const soonMs = 12 * 3_600_000;

/** Whether its row, if it had one, may have been deleted. */
function isLate(entry: TrackingEntry): boolean {
  return entry.copy.receivedAt - happenedAt(entry) > soonMs;
}

function happenedAt({ copy }: TrackingEntry): number {
  return firstCopy(copy).details.purchasedAt ?? copy.receivedAt;
}

type TrackingRows = ExpressionBuilder<Schema, 'trackings'>;

function trackingSource(event: TrackingEvent): Source {
  return {
    hasCopies: event !== 'visit',
    findOldest: (tables, query) => selectOldest(tables, event, query).execute(),
    async find(tables, old, after) {
      return (await selectOld(tables, event, old, after).execute()).map(({ id }) => id);
    },
    async remove(tables, old, ids) {
      const { numDeletedRows } = await tables
        .deleteFrom('trackings')
        .where(isOld(event, old))
        .where('trackings.id', 'in', ids)
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

export function selectOldest(tables: Tables, event: TrackingEvent, { before, after, whose }: OldestQuery) {
  return tables
    .selectFrom('trackings')
    .select(['id', 'provider_id'])
    .where('event', '=', event)
    .where('id', '>', after)
    .where('id', '<', toBytes(firstIdAt(before)))
    .$if(whose !== undefined, (rows) => rows.where('provider_id', 'in', whose ?? []))
    .orderBy('id')
    .limit(oldestAtOnce);
}

export function selectOld(tables: Tables, event: TrackingEvent, old: OldRows, after: Buffer) {
  return tables
    .selectFrom('trackings')
    .select('trackings.id')
    .where(isOld(event, old))
    .where('trackings.id', '>', after)
    .where('trackings.id', '<', toBytes(firstIdAt(old.before)))
    .orderBy('trackings.id')
    .limit(rowsAtOnce);
}

function isOld(event: TrackingEvent, { providerId, before }: OldRows) {
  return (rows: TrackingRows): Expression<SqlBool> =>
    rows.and([
      rows('trackings.provider_id', '=', providerId),
      rows('trackings.event', '=', event),
      rows('trackings.received_at', '<', before),
      // A stronger copy may have made it happen long after its first copy came, which anybody can have sent.
      rows(rows.fn.coalesce('trackings.purchased_at', rows.val(0)), '<', before),
      ...(isPayment(event) ? [withoutLaterRefund(rows, { providerId, before })] : []),
      ...(event === 'refund' ? [withoutPayment(rows, providerId)] : []),
    ]);
}

/**
 * An order goes as a whole: the figures have of it what its last refund says, which is a total, and the next one has to
 * find that.
 */
function withoutLaterRefund(rows: TrackingRows, { providerId, before }: OldRows): Expression<SqlBool> {
  const refunds = ofSameOrder(rows, providerId)
    .where('other.event', '=', 'refund')
    .where((refund) =>
      refund.or([refund('other.received_at', '>=', before), refund('other.purchased_at', '>=', before)]),
    );
  return rows.not(rows.exists(refunds));
}

function withoutPayment(rows: TrackingRows, providerId: number): Expression<SqlBool> {
  return rows.not(rows.exists(ofSameOrder(rows, providerId).where('other.event', 'in', payments)));
}

function ofSameOrder(rows: TrackingRows, providerId: number) {
  return rows
    .selectFrom('trackings as other')
    .select('other.id')
    .where('other.provider_id', '=', providerId)
    .whereRef('other.order_id', '=', 'trackings.order_id')
    .whereRef('other.service_name', '=', 'trackings.service_name');
}

function clickSource(): Source {
  return {
    hasCopies: false,
    findOldest: (tables, { before, after, whose }) =>
      tables
        .selectFrom('clicks')
        .select(['id', 'provider_id'])
        .where('id', '>', after)
        .where('id', '<', toBytes(firstIdAt(before)))
        .$if(whose !== undefined, (rows) => rows.where('provider_id', 'in', whose ?? []))
        .orderBy('id')
        .limit(oldestAtOnce)
        .execute(),
    async find(tables, { providerId, before }, after) {
      const rows = await tables
        .selectFrom('clicks')
        .select('id')
        .where('provider_id', '=', providerId)
        .where('clicked_at', '<', before)
        .where('id', '>', after)
        .where('id', '<', toBytes(firstIdAt(before)))
        .orderBy('id')
        .limit(rowsAtOnce)
        .execute();
      return rows.map(({ id }) => id);
    },
    async remove(tables, { providerId }, ids) {
      const { numDeletedRows } = await tables
        .deleteFrom('clicks')
        .where('provider_id', '=', providerId)
        .where('id', 'in', ids)
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

async function findOldestQuarter(tables: Tables, providerId: number): Promise<number | undefined> {
  const oldest = await tables
    .selectFrom('figures')
    .select('start')
    .where('provider_id', '=', providerId)
    .where('span', '=', spans.indexOf('quarter'))
    .orderBy('start')
    .limit(1)
    .executeTakeFirst();
  return oldest?.start;
}

async function deleteQuarters(tables: Tables, { providerId, before }: OldRows): Promise<number> {
  const { numDeletedRows } = await tables
    .deleteFrom('figures')
    .where('provider_id', '=', providerId)
    .where('span', '=', spans.indexOf('quarter'))
    .where('start', '<', before)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
