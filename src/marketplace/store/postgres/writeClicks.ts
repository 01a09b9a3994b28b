import type { ClickEntry, Outcome } from '../ledger.ts';
import { toBytes } from '../sql/id.ts';
import type { Connection } from './pool.ts';

/** Writes clicks; to be called inside a transaction. */
export async function writeClicks(
  connection: Connection,
  entries: readonly ClickEntry[],
): Promise<Outcome[]> {
  if (entries.length === 0) return [];
  await connection.query(
    `insert into clicks (id, provider_id, listing, referral, clicked_at, bot)
     select * from unnest($1::bytea[], $2::integer[], $3::text[], $4::text[], $5::bigint[], $6::smallint[])`,
    [
      entries.map(({ id }) => toBytes(id)),
      entries.map(({ providerId }) => providerId),
      entries.map(({ listing }) => listing),
      entries.map(({ referral }) => referral),
      entries.map(({ clickedAt }) => clickedAt),
      entries.map(({ isBot }) => (isBot ? 1 : 0)),
    ],
  );
  return entries.map(({ id }) => ({ result: 'created', id }));
}
