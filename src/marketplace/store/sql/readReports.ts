import { type ExpressionBuilder, type Kysely, type SqlBool, sql } from 'kysely';
import type { ReportRow, SubscriptionStore } from '../subscriptions.ts';
import { fromBytes, toBytes } from './id.ts';
import type { ReportColumns, Schema } from './schema.ts';

/** All reports, with what the subscription's other reports make of each. */
export function selectReports(database: Kysely<Schema>) {
  return database
    .selectFrom('reports')
    .innerJoin('subscriptions', 'subscriptions.position', 'reports.subscription')
    .innerJoin('providers', 'providers.id', 'reports.provider_id')
    .selectAll('reports')
    .select((report) => [
      'providers.partner_key',
      'subscriptions.coid',
      'subscriptions.sku',
      countsOfPeriod(report)
        .select('other.count')
        .whereRef('other.position', '<=', 'reports.position')
        .orderBy('other.position', 'desc')
        .limit(1)
        .as('count_then'),
      sql<SqlBool>`${report.exists(
        countsOfPeriod(report).select('other.id').whereRef('other.position', '>', 'reports.position'),
      )}`.as('recounted'),
    ]);
}

/** The reports of the same subscription and period that say a count. */
function countsOfPeriod(report: ExpressionBuilder<Schema, 'reports'>) {
  return report
    .selectFrom('reports as other')
    .whereRef('other.subscription', '=', 'reports.subscription')
    .whereRef('other.period', '=', 'reports.period')
    .where('other.count', 'is not', null);
}

export function createReportReader(
  database: Kysely<Schema>,
): Pick<SubscriptionStore, 'findReport' | 'listReports'> {
  const reports = selectReports(database);

  return {
    async findReport(id) {
      const found = await reports.where('reports.id', '=', toBytes(id)).executeTakeFirst();
      return found && toReportRow(found);
    },

    async listReports({ providerId, coid, sku, period, before, limit }) {
      let query = reports;
      if (coid !== undefined) query = query.where('subscriptions.coid', '=', coid);
      if (providerId !== undefined) {
        // One customer's few reports are found by its subscriptions, not among all of the provider's.
        const owner = coid === undefined ? 'reports.provider_id' : 'subscriptions.provider_id';
        query = query.where(owner, '=', providerId);
      }
      if (sku !== undefined) query = query.where('subscriptions.sku', '=', sku);
      if (period !== undefined) query = query.where('reports.period', '=', period);
      if (before) {
        const last = database.selectFrom('reports').select('position').where('id', '=', toBytes(before));
        query = query.where('reports.position', '<', last);
      }
      const rows = await query.orderBy('reports.position', 'desc').limit(limit).execute();
      return rows.map(toReportRow);
    },
  };
}

type SelectedReport = ReportColumns & {
  partner_key: string;
  coid: string;
  sku: string;
  count_then: string | null;
  recounted: SqlBool;
};

export function toReportRow(row: SelectedReport): ReportRow {
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
