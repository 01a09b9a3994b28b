import type Database from 'better-sqlite3';
import { idempotencyKeptMs } from '../../../wire/subscription.ts';
import type { Outcome } from '../ledger.ts';
import { fromBytes, toBytes } from '../sql/id.ts';
import type { ReportEntry } from '../subscriptions.ts';

/** Prepares the writing of reports; to be called inside a transaction, which holds report and key together. */
export function prepareReportWrite(connection: Database.Database): (entry: ReportEntry) => Outcome {
  const findKey = connection.prepare<unknown[], { payload: Buffer; report_id: Buffer }>(
    `select payload, report_id from report_keys
     where provider_id = :providerId and key = :key and used_at >= :usedSince`,
  );
  const putKey = connection.prepare(
    `insert into report_keys (provider_id, key, payload, report_id, used_at)
     values (:providerId, :key, :payload, :id, :receivedAt)
     on conflict (provider_id, key) do update
       set payload = excluded.payload, report_id = excluded.report_id, used_at = excluded.used_at`,
  );
  const findSubscription = connection.prepare<unknown[], { position: number }>(
    'select position from subscriptions where provider_id = :providerId and coid = :coid and sku = :sku',
  );
  const addSubscription = connection.prepare(
    'insert into subscriptions (id, provider_id, coid, sku) values (:id, :providerId, :coid, :sku)',
  );
  const addReport = connection.prepare(
    `insert into reports (id, provider_id, subscription, period, expired, expired_date, count, received_at)
     values (:id, :providerId, :subscription, :period, :expired, :expiredDate, :count, :receivedAt)`,
  );

  function replay({ providerId, receivedAt, idempotency }: ReportEntry): Outcome | undefined {
    if (!idempotency) return undefined;
    const { key, payload } = idempotency;
    const first = findKey.get({ providerId, key, usedSince: receivedAt - idempotencyKeptMs });
    return (
      first && {
        result: first.payload.equals(payload) ? 'duplicate' : 'conflict',
        id: fromBytes(first.report_id),
      }
    );
  }

  return (entry) => {
    const known = replay(entry);
    if (known) return known;
    const { providerId, receivedAt, idempotency, report } = entry;
    const id = toBytes(entry.id);
    const { coid, sku } = report;
    const subscription =
      findSubscription.get({ providerId, coid, sku })?.position ??
      addSubscription.run({ id, providerId, coid, sku }).lastInsertRowid;
    addReport.run({
      id,
      providerId,
      subscription,
      period: report.period,
      expired: report.expired ? 1 : 0,
      expiredDate: report.expiredDate ?? null,
      count: report.count ?? null,
      receivedAt,
    });
    if (idempotency) putKey.run({ id, providerId, receivedAt, ...idempotency });
    return { result: 'created', id: entry.id };
  };
}
