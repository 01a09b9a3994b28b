import { idempotencyKeptMs } from '../../../wire/subscription.ts';
import type { Outcome } from '../ledger.ts';
import { fromBytes, toBytes } from '../sql/id.ts';
import type { ReportEntry } from '../subscriptions.ts';
import type { Connection } from './pool.ts';

/** Locked, so that the commit waits for the standbys like that of the first report: see writeTrackings.ts. */
const findKey = `select payload, report_id from report_keys
  where provider_id = $1 and key = $2 and used_at >= $3 for update`;
const putKey = `insert into report_keys (provider_id, key, payload, report_id, used_at) values ($1, $2, $3, $4, $5)
  on conflict (provider_id, key) do update
    set payload = excluded.payload, report_id = excluded.report_id, used_at = excluded.used_at`;
const addReport = `with known as (
    select position from subscriptions where provider_id = $2 and coid = $3 and sku = $4
  ), added as (
    insert into subscriptions (id, provider_id, coid, sku)
    select $1::bytea, $2::integer, $3::text, $4::text where not exists (select 1 from known) returning position
  )
  insert into reports (id, provider_id, subscription, period, expired, expired_date, count, received_at)
  select $1::bytea, $2::integer, position, $5::text, $6::smallint, $7::bigint, $8::text, $9::bigint
  from (select position from known union all select position from added) as subscription`;

/**
 * Writes reports one after the other. To be called inside a transaction that holds the locks of `reportLocksOf`: a
 * position is taken when no other report of the provider is under way, so that positions are in the order of commits.
 */
export async function writeReports(
  connection: Connection,
  entries: readonly ReportEntry[],
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const entry of entries) {
    outcomes.push((await replay(connection, entry)) ?? (await write(connection, entry)));
  }
  return outcomes;
}

/** What the entries have to be alone with: each provider's reports. */
export function reportLocksOf(entries: readonly ReportEntry[]): string[] {
  return entries.map(({ providerId }) => `reports of ${providerId}`);
}

async function replay(
  connection: Connection,
  { providerId, receivedAt, idempotency }: ReportEntry,
): Promise<Outcome | undefined> {
  if (!idempotency) return undefined;
  const { rows } = await connection.query<{ payload: Buffer; report_id: Buffer }>(findKey, [
    providerId,
    idempotency.key,
    receivedAt - idempotencyKeptMs,
  ]);
  const [first] = rows;
  return (
    first && {
      result: first.payload.equals(idempotency.payload) ? 'duplicate' : 'conflict',
      id: fromBytes(first.report_id),
    }
  );
}

async function write(
  connection: Connection,
  { id, providerId, receivedAt, report, idempotency }: ReportEntry,
): Promise<Outcome> {
  const { coid, sku, period, expired, expiredDate = null, count = null } = report;
  await connection.query(addReport, [
    toBytes(id),
    providerId,
    coid,
    sku,
    period,
    expired ? 1 : 0,
    expiredDate,
    count,
    receivedAt,
  ]);
  if (idempotency) {
    const { key, payload } = idempotency;
    await connection.query(putKey, [providerId, key, payload, toBytes(id), receivedAt]);
  }
  return { result: 'created', id };
}
