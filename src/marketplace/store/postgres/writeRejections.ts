import type { Outcome } from '../ledger.ts';
import { type RejectionEntry, rejectionLimits, unreadablePool } from '../rejections.ts';
import { fromBytes, toBytes } from '../sql/id.ts';
import type { Connection } from './pool.ts';

/** Deleted beyond what must go when the whole is full, so that not every refusal has to make room anew. */
const roomToMake = 1_000;

/*
 * In the order of their fingerprints, so that of any two transactions one comes first everywhere; for the same reason
 * whoever makes room leaves alone what another one is counting up (skip locked).
 */
const upsert = `insert into rejections (id, latest_id, pool, fingerprint, status, reason, detail, errors, trust, via,
    payload, count, first_seen_at, last_seen_at)
  select id, latest_id, pool, fingerprint, status, reason, detail, errors, trust, via, payload, count,
    first_seen_at, last_seen_at
  from unnest($1::bytea[], $2::bytea[], $3::text[], $4::bytea[], $5::integer[], $6::text[], $7::text[], $8::text[],
    $9::text[], $10::text[], $11::text[], $12::integer[], $13::bigint[], $14::bigint[])
    as sent (id, latest_id, pool, fingerprint, status, reason, detail, errors, trust, via, payload, count,
      first_seen_at, last_seen_at)
  order by fingerprint
  on conflict (fingerprint) do update set
    count = rejections.count + excluded.count,
    latest_id = excluded.latest_id,
    last_seen_at = greatest(rejections.last_seen_at, excluded.last_seen_at)
  returning id, fingerprint`;
const trimPool = `delete from rejections where id in (
  select id from rejections where pool = $1 and latest_id <= (
    select latest_id from rejections where pool = $1 order by latest_id desc limit 1 offset $2)
  for update skip locked)`;
const trimUnreadable = `delete from rejections where id in (
  select id from rejections where pool = $1 order by latest_id limit $2 for update skip locked)`;
const trimOldest = `delete from rejections where id in (
  select id from rejections order by latest_id limit $1 for update skip locked)`;

/** Adds a row for each, or counts one more in that of the alike ones; to be called inside a transaction. */
export async function writeRejections(
  connection: Connection,
  entries: readonly RejectionEntry[],
): Promise<Outcome[]> {
  if (entries.length === 0) return [];
  const alike = [...Map.groupBy(entries, hexFingerprint).values()];
  const rows = alike.flatMap(([first, ...others]) =>
    first ? [{ first, last: others.at(-1) ?? first, others }] : [],
  );
  const firsts = rows.map(({ first }) => first);
  const { rows: written } = await connection.query<{ id: Buffer; fingerprint: Buffer }>(upsert, [
    firsts.map(({ id }) => toBytes(id)),
    rows.map(({ last }) => toBytes(last.id)),
    firsts.map(({ pool }) => pool),
    firsts.map(({ fingerprint }) => fingerprint),
    firsts.map(({ rejection }) => rejection.status),
    firsts.map(({ rejection }) => rejection.reason),
    firsts.map(({ rejection }) => rejection.detail),
    firsts.map(({ rejection }) => JSON.stringify(rejection.errors)),
    firsts.map(({ rejection }) => rejection.trust),
    firsts.map(({ rejection }) => rejection.via),
    firsts.map(({ rejection }) => JSON.stringify(rejection.payload)),
    rows.map(({ others }) => 1 + others.length),
    firsts.map(({ receivedAt }) => receivedAt),
    rows.map(({ first, others }) => Math.max(...[first, ...others].map(({ receivedAt }) => receivedAt))),
  ]);
  const ids = new Map(written.map(({ id, fingerprint }) => [hexFingerprint({ fingerprint }), fromBytes(id)]));
  const outcomes = entries.map((entry): Outcome => {
    const id = ids.get(hexFingerprint(entry)) ?? entry.id;
    return { result: id === entry.id ? 'created' : 'duplicate', id };
  });
  const grown = entries.filter((_entry, index) => outcomes[index]?.result === 'created');
  await trim(connection, new Set(grown.map(({ pool }) => pool)));
  return outcomes;
}

/** Deletes the oldest of the pools that have grown, and of all, down to their limits. */
async function trim(connection: Connection, pools: ReadonlySet<string>): Promise<void> {
  for (const pool of pools) {
    const limit = pool === unreadablePool ? rejectionLimits.unreadable : rejectionLimits.pool;
    await connection.query(trimPool, [pool, limit]);
  }
  if (pools.size === 0) return;
  const { rows } = await connection.query<{ total: number }>('select count(*) as total from rejections');
  const excess = (rows[0]?.total ?? 0) - rejectionLimits.all;
  if (excess <= 0) return;
  const excessWithRoom = excess + roomToMake;
  const { rowCount } = await connection.query(trimUnreadable, [unreadablePool, excessWithRoom]);
  await connection.query(trimOldest, [excessWithRoom - rowCount]);
}

function hexFingerprint({ fingerprint }: Pick<RejectionEntry, 'fingerprint'>): string {
  return Buffer.from(fingerprint).toString('hex');
}
