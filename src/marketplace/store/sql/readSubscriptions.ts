import type { Kysely } from 'kysely';
import type { SubscriptionQuery, SubscriptionStore } from '../subscriptions.ts';
import { fromBytes, toBytes } from './id.ts';
import { selectReports, toReportRow } from './readReports.ts';
import type { Schema } from './schema.ts';

export function createSubscriptionReader(
  database: Kysely<Schema>,
): Pick<SubscriptionStore, 'listSubscriptions'> {
  async function listPage({ providerId, coid, sku, before, limit }: SubscriptionQuery) {
    let query = database
      .selectFrom('subscriptions')
      .innerJoin('providers', 'providers.id', 'subscriptions.provider_id')
      .selectAll('subscriptions')
      .select('providers.partner_key');
    if (providerId !== undefined) query = query.where('subscriptions.provider_id', '=', providerId);
    if (coid !== undefined) query = query.where('subscriptions.coid', '=', coid);
    if (sku !== undefined) query = query.where('subscriptions.sku', '=', sku);
    if (before) {
      const last = database.selectFrom('subscriptions').select('position').where('id', '=', toBytes(before));
      query = query.where('subscriptions.position', '<', last);
    }
    return await query.orderBy('subscriptions.position', 'desc').limit(limit).execute();
  }

  /** The newest report of each period, newest first, and how many there were about it. */
  async function listPeriods(subscriptions: readonly number[]) {
    if (subscriptions.length === 0) return [];
    const newest = database
      .selectFrom('reports')
      .select(({ fn }) => [fn.max('position').as('position'), fn.countAll<number>().as('reports')])
      .where('subscription', 'in', subscriptions)
      .groupBy(['subscription', 'period'])
      .as('newest');
    return await selectReports(database)
      .innerJoin(newest, 'newest.position', 'reports.position')
      .select('newest.reports')
      .orderBy('reports.position', 'desc')
      .execute();
  }

  return {
    async listSubscriptions(query) {
      const page = await listPage(query);
      const periods = await listPeriods(page.map(({ position }) => position));
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
  };
}
