import { type Expression, type ExpressionBuilder, type Selectable, type SqlBool, sql } from 'kysely';
import { fromBytes, toBytes } from '../ledger/id.ts';
import { createByPlace, sumOfAll } from './byPlace.ts';
import type { Database, PageQuery, Tables } from './database.ts';
import type { ReportColumns, Schema } from './schema.ts';

/**
 * A report to be added. With an Idempotency-Key that the provider has used within 7 days nothing is written: the
 * outcome is `duplicate`, with the id of the first report, or `conflict` where that one said something else.
 */
export interface ReportEntry {
  kind: 'report';
  id: string;
  providerId: number;
  report: Report;
  receivedAt: number;
  idempotency: Idempotency | undefined;
}

export interface Report {
  /** The customer, by the provider's own id. */
  coid: string;
  /** The product, by the marketplace's. */
  sku: string;
  /** The month that it is about: 2017-03. */
  period: string;
  expired: boolean;
  /** When the customer left; there whenever expired is true. */
  expiredDate?: number | undefined;
  /** The period's total so far, as decimal text; undefined leaves what was said of it before. */
  count?: string | undefined;
}

/** Hashes: of the key, and of what the report said. */
export interface Idempotency {
  key: Uint8Array;
  payload: Uint8Array;
}

export interface ReportRow extends Report {
  id: string;
  partnerKey: string;
  receivedAt: number;
  /** Whether its count is the one that counts for its period now. */
  counted: boolean;
  /** The count that counted for its period once it was committed, which may be an earlier report's. */
  countThen?: string | undefined;
}

export interface SubscriptionRow {
  /** The id of its first report. */
  id: string;
  partnerKey: string;
  coid: string;
  sku: string;
  /** The newest, whose word on expiry stands. */
  last: ReportRow;
  /** By period, the latest month first. */
  usage: UsageRow[];
}

export interface UsageRow {
  period: string;
  /** How many reports were about this period. */
  reports: number;
  /** The newest of them. */
  last: ReportRow;
}

export interface SubscriptionQuery extends PageQuery {
  /** Of all providers when none is named. */
  providerId?: number | undefined;
  coid?: string | undefined;
  sku?: string | undefined;
  /** Only what nothing was reported of for this month, though the customer hasn't left. */
  missing?: string | undefined;
}

export interface ReportQuery extends SubscriptionQuery {
  period?: string | undefined;
}

export type SubscriptionStore = ReturnType<typeof createSubscriptionStore>;

/**
 * What providers report of their customers' subscriptions. Reports are only ever added. Of two, the newer one is
 * the one that was committed later, whatever clocks and ids say.
 */
export function createSubscriptionStore(database: Database) {
  const { reader, transact } = database;
  const byPlace = createByPlace(database);
  async function listPage({ providerId, coid, sku, missing, before, limit }: SubscriptionQuery) {
    let query = reader
      .selectFrom('subscriptions')
      .innerJoin('providers', 'providers.id', 'subscriptions.provider_id')
      .selectAll('subscriptions')
      .select('providers.partner_key');
    if (providerId !== undefined) query = query.where('subscriptions.provider_id', '=', providerId);
    if (coid !== undefined) query = query.where('subscriptions.coid', '=', coid);
    if (sku !== undefined) query = query.where('subscriptions.sku', '=', sku);
    if (missing !== undefined) query = query.where((subscription) => isMissing(subscription, missing));
    if (before) {
      let last = reader.selectFrom('subscriptions').select('position').where('id', '=', toBytes(before));
      if (providerId !== undefined) last = last.where('provider_id', '=', providerId);
      query = query.where('subscriptions.position', '<', last);
    }
    return await query.orderBy('subscriptions.position', 'desc').limit(limit).execute();
  }

  /** The newest report of each period, newest first, and how many there were about it. */
  async function listPeriods(positions: readonly number[], providerId: number) {
    const newest = reader
      .selectFrom('reports')
      .select(({ fn }) => [
        'provider_id',
        fn.max('position').as('position'),
        fn.countAll<number>().as('reports'),
      ])
      .where('provider_id', '=', providerId)
      .where('subscription', 'in', positions)
      .groupBy(['provider_id', 'subscription', 'period'])
      .as('newest');
    return await selectReports(reader, providerId)
      .innerJoin(newest, (join) =>
        join
          .onRef('newest.position', '=', 'reports.position')
          .onRef('newest.provider_id', '=', 'reports.provider_id'),
      )
      .select('newest.reports')
      .orderBy('reports.position', 'desc')
      .execute();
  }

  return {
    async findReport(providerId: number, id: string): Promise<ReportRow | undefined> {
      const found = await selectReports(reader, providerId)
        .where('reports.id', '=', toBytes(id))
        .executeTakeFirst();
      return found && toReportRow(found);
    },

    /** Newest first. */
    async listReports({ providerId, coid, sku, period, before, limit }: ReportQuery): Promise<ReportRow[]> {
      let query = selectReports(reader, providerId);
      if (coid !== undefined) query = query.where(isOfCustomer(coid, providerId));
      if (sku !== undefined) query = query.where('subscriptions.sku', '=', sku);
      if (period !== undefined) query = query.where('reports.period', '=', period);
      if (before) {
        let last = reader.selectFrom('reports').select('position').where('id', '=', toBytes(before));
        if (providerId !== undefined) last = last.where('provider_id', '=', providerId);
        query = query.where('reports.position', '<', last);
      }
      // Sorted by a sum, lest SQLite walk through all of the provider's in their order for a customer's few.
      const place = coid === undefined ? sql.ref('reports.position') : sql`reports.position + 0`;
      const rows = await query.orderBy(place, 'desc').limit(limit).execute();
      return rows.map(toReportRow);
    },

    /** Ordered by when each was first reported, newest first, so that no report moves one while a caller pages. */
    async listSubscriptions(query: SubscriptionQuery): Promise<SubscriptionRow[]> {
      const page = await listPage(query);
      const periods: Awaited<ReturnType<typeof listPeriods>> = [];
      for (const [providerId, ofOne] of Map.groupBy(page, (row) => row.provider_id)) {
        periods.push(
          ...(await listPeriods(
            ofOne.map(({ position }) => position),
            providerId,
          )),
        );
      }
      const periodsOf = Map.groupBy(periods, ({ subscription }) => subscription);
      return page.flatMap(({ position, id, partner_key: partnerKey, coid, sku }) => {
        const usage = (periodsOf.get(position) ?? []).map((row) => ({
          period: row.period,
          reports: row.reports,
          last: toReportRow(row),
        }));
        const [newest] = usage;
        if (!newest) return [];
        usage.sort((one, other) => (one.period < other.period ? 1 : -1));
        return [{ id: fromBytes(id), partnerKey, coid, sku, last: newest.last, usage }];
      });
    },

    /** Forgets Idempotency-Keys first used before that time; returns how many. Reports stay. */
    purgeIdempotencyKeys: (usedBefore: number): Promise<number> =>
      sumOfAll(
        byPlace((whose) =>
          transact(async (tables) => {
            let old = tables.deleteFrom('report_keys').where('used_at', '<', usedBefore);
            if (whose) old = old.where('provider_id', 'in', whose);
            return Number((await old.executeTakeFirst()).numDeletedRows);
          }),
        ),
      ),
  };
}

/** One customer's few reports are found by its subscriptions, not among all of the provider's. */
function isOfCustomer(coid: string, providerId: number | undefined) {
  return (report: ExpressionBuilder<Schema, 'reports'>) => {
    let own = report
      .selectFrom('subscriptions as owned')
      .select('owned.position')
      .where('owned.coid', '=', coid);
    if (providerId !== undefined) own = own.where('owned.provider_id', '=', providerId);
    return report('reports.subscription', 'in', own);
  };
}

/** Reports with what the subscription's other reports make of each, of all providers where none is given. */
export function selectReports(tables: Tables, providerId?: number) {
  const isOwn = (column: string) =>
    providerId === undefined ? sql<SqlBool>`1 = 1` : sql<SqlBool>`${sql.ref(column)} = ${providerId}`;
  return tables
    .selectFrom('reports')
    .innerJoin('subscriptions', (join) =>
      join
        .onRef('subscriptions.position', '=', 'reports.subscription')
        .onRef('subscriptions.provider_id', '=', 'reports.provider_id'),
    )
    .innerJoin('providers', 'providers.id', 'reports.provider_id')
    .selectAll('reports')
    .select((report) => [
      'providers.partner_key',
      'subscriptions.coid',
      'subscriptions.sku',
      countsOfPeriod(report)
        .where(isOwn('other.provider_id'))
        .select('other.count')
        .whereRef('other.position', '<=', 'reports.position')
        .orderBy('other.position', 'desc')
        .limit(1)
        .as('count_then'),
      sql<SqlBool>`${report.exists(
        countsOfPeriod(report)
          .where(isOwn('other.provider_id'))
          .select('other.id')
          .whereRef('other.position', '>', 'reports.position'),
      )}`.as('recounted'),
    ])
    .where(isOwn('reports.provider_id'))
    .where(isOwn('subscriptions.provider_id'));
}

/**
 * The reports of the same subscription and period that say a count. They have an index of their own: among thousands
 * without one, each row of a page would look through them all.
 */
function countsOfPeriod(report: ExpressionBuilder<Schema, 'reports'>) {
  return report
    .selectFrom('reports as other')
    .whereRef('other.provider_id', '=', 'reports.provider_id')
    .whereRef('other.subscription', '=', 'reports.subscription')
    .whereRef('other.period', '=', 'reports.period')
    .where('other.count', 'is not', null);
}

/** Whether the subscription goes on, by the newest report, and none is about the month. */
function isMissing(
  subscription: ExpressionBuilder<Schema, 'subscriptions'>,
  month: string,
): Expression<SqlBool> {
  const own = subscription
    .selectFrom('reports')
    .whereRef('reports.provider_id', '=', 'subscriptions.provider_id')
    .whereRef('reports.subscription', '=', 'subscriptions.position');
  return subscription.and([
    subscription.not(subscription.exists(own.select('reports.id').where('reports.period', '=', month))),
    subscription(own.select('reports.expired').orderBy('reports.position', 'desc').limit(1), '=', 0),
  ]);
}

type SelectedReport = Selectable<ReportColumns> & {
  partner_key: string;
  coid: string;
  sku: string;
  count_then: string | null;
  recounted: SqlBool;
};

function toReportRow(row: SelectedReport): ReportRow {
  return {
    id: fromBytes(row.id),
    partnerKey: row.partner_key,
    coid: row.coid,
    sku: row.sku,
    period: row.period,
    expired: row.expired === 1,
    expiredDate: row.expired_date ?? undefined,
    count: row.count ?? undefined,
    countThen: row.count_then ?? undefined,
    counted: row.count !== null && !row.recounted,
    receivedAt: row.received_at,
  };
}
