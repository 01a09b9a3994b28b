import { idempotencyKeptMs } from '../../wire/subscription.ts';
import { fromBytes, toBytes } from '../ledger/id.ts';
import type { Outcome, Tables } from './database.ts';
import type { ReportEntry } from './subscriptions.ts';

/** What the entries have to be alone with: each provider's reports. */
export function reportLocksOf(entries: readonly ReportEntry[]): string[] {
  return entries.map(({ providerId }) => `reports of ${providerId}`);
}

/**
 * Writes reports one after the other. To be called inside a transaction that holds the locks of `reportLocksOf`: a
 * position is taken when no other report of the provider is under way, so that positions are in the order of commits.
 */
export async function writeReports(tables: Tables, entries: readonly ReportEntry[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const entry of entries) {
    outcomes.push((await replayReport(tables, entry)) ?? (await writeReport(tables, entry)));
  }
  return outcomes;
}

async function replayReport(
  tables: Tables,
  { providerId, receivedAt, idempotency }: ReportEntry,
): Promise<Outcome | undefined> {
  if (!idempotency) return undefined;
  const first = await tables
    .selectFrom('report_keys')
    .select(['payload', 'report_id'])
    .where('provider_id', '=', providerId)
    .where('key', '=', Buffer.from(idempotency.key))
    .where('used_at', '>=', receivedAt - idempotencyKeptMs)
    // Locked, so that the commit waits for the standbys like that of the first report: see postgres/trackings.ts.
    .forUpdate()
    .executeTakeFirst();
  return (
    first && {
      result: first.payload.equals(idempotency.payload) ? 'duplicate' : 'conflict',
      id: fromBytes(first.report_id),
    }
  );
}

async function writeReport(
  tables: Tables,
  { id, providerId, receivedAt, report, idempotency }: ReportEntry,
): Promise<Outcome> {
  const { coid, sku, period, expired, expiredDate = null, count = null } = report;
  await tables
    .insertInto('reports')
    .values({
      id: toBytes(id),
      provider_id: providerId,
      subscription: await putSubscription(tables, { id, providerId, coid, sku }),
      period,
      expired: expired ? 1 : 0,
      expired_date: expiredDate,
      count,
      received_at: receivedAt,
    })
    .execute();
  if (idempotency) {
    const { key, payload } = idempotency;
    const used = { payload, report_id: toBytes(id), used_at: receivedAt };
    await tables
      .insertInto('report_keys')
      .values({ provider_id: providerId, key, ...used })
      .onConflict((conflict) => conflict.columns(['provider_id', 'key']).doUpdateSet(used))
      .execute();
  }
  return { result: 'created', id };
}

/** Resolves to the subscription's position. */
async function putSubscription(
  tables: Tables,
  { id, providerId, coid, sku }: { id: string; providerId: number; coid: string; sku: string },
): Promise<number> {
  const known = await tables
    .selectFrom('subscriptions')
    .select('position')
    .where('provider_id', '=', providerId)
    .where('coid', '=', coid)
    .where('sku', '=', sku)
    .executeTakeFirst();
  if (known) return known.position;
  const added = await tables
    .insertInto('subscriptions')
    .values({ id: toBytes(id), provider_id: providerId, coid, sku })
    .returning('position')
    .executeTakeFirstOrThrow();
  return added.position;
}
