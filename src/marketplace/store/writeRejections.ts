import { type Expression, type Insertable, type Selectable, sql } from 'kysely';
import { levels } from '../../wire/fields.ts';
import { fromBytes, toBytes } from '../ledger/id.ts';
import { type Outcome, type Tables, toParts } from './database.ts';
import type { RejectionEntry, RejectionRow } from './rejections.ts';
import type { Schema } from './schema.ts';

/** Writes rejections, inside a transaction: adds a row for each, or counts one more in that of the alike ones. */
export async function writeRejections(
  tables: Tables,
  entries: readonly RejectionEntry[],
): Promise<Outcome[]> {
  if (entries.length === 0) return [];
  const ids = await putRejections(tables, entries);
  return entries.map((entry) => {
    const id = ids.get(hexFingerprint(entry)) ?? entry.id;
    return { result: id === entry.id ? 'created' : 'duplicate', id };
  });
}

/** Resolves to the ids of the rows, by their fingerprints. */
async function putRejections(
  tables: Tables,
  entries: readonly RejectionEntry[],
): Promise<ReadonlyMap<string, string>> {
  const alike = [...Map.groupBy(entries, hexFingerprint)];
  // In the order of their fingerprints, so that of any two transactions one comes first everywhere.
  alike.sort(([one], [other]) => (one < other ? -1 : 1));
  const ids = new Map<string, string>();
  for (const part of toParts(alike.flatMap(([, ofOne]) => toRow(ofOne)))) {
    const written = await tables
      .insertInto('rejections')
      .values(part)
      .onConflict((conflict) =>
        conflict.columns(['fingerprint', 'provider_id']).doUpdateSet((row) => ({
          count: row('rejections.count', '+', row.ref('excluded.count')),
          latest_id: row.ref('excluded.latest_id'),
          last_seen_at: later(row.ref('rejections.last_seen_at'), row.ref('excluded.last_seen_at')),
        })),
      )
      .returning(['id', 'fingerprint'])
      .execute();
    for (const { id, fingerprint } of written) ids.set(hexFingerprint({ fingerprint }), fromBytes(id));
  }
  return ids;
}

/** The row that alike ones share, in their order. */
function toRow(alike: readonly RejectionEntry[]): Insertable<Schema['rejections']>[] {
  const [first] = alike;
  if (!first) return [];
  const { id, providerId, pool, fingerprint, receivedAt, rejection } = first;
  return [
    {
      id: toBytes(id),
      latest_id: toBytes(alike.at(-1)?.id ?? id),
      provider_id: providerId,
      pool,
      fingerprint,
      ...rejection,
      errors: JSON.stringify(rejection.errors),
      payload: JSON.stringify(rejection.payload),
      belief: levels.indexOf(rejection.trust),
      count: alike.length,
      first_seen_at: receivedAt,
      last_seen_at: Math.max(...alike.map((entry) => entry.receivedAt)),
    },
  ];
}

function later(one: Expression<number>, other: Expression<number>) {
  return sql<number>`case when ${one} > ${other} then ${one} else ${other} end`;
}

function hexFingerprint({ fingerprint }: Pick<RejectionEntry, 'fingerprint'>): string {
  return Buffer.from(fingerprint).toString('hex');
}

/** A rejection by its whole key. */
export type OwnedRejection = Pick<RejectionRow, 'id' | 'providerId'>;

/** Keeps the rejection for the transaction; undefined where it is no longer there. */
export async function holdRejection(
  tables: Tables,
  { id, providerId }: OwnedRejection,
): Promise<Selectable<Schema['rejections']> | undefined> {
  return await tables
    .selectFrom('rejections')
    .selectAll()
    .where('id', '=', toBytes(id))
    .where('provider_id', '=', providerId)
    .forUpdate()
    .executeTakeFirst();
}

export async function deleteRejection(tables: Tables, { id, providerId }: OwnedRejection): Promise<void> {
  await tables
    .deleteFrom('rejections')
    .where('id', '=', toBytes(id))
    .where('provider_id', '=', providerId)
    .execute();
}

/**
 * Puts the newer rejection in the place of the one that is held, at the level and with the fields and times that it had.
 * Deleted and inserted, since it may have come to be another provider's.
 */
export async function replaceRejection(
  tables: Tables,
  held: Selectable<Schema['rejections']>,
  { providerId, pool, fingerprint, rejection }: RejectionEntry,
): Promise<void> {
  const { status, reason, detail, errors } = rejection;
  await deleteRejection(tables, { id: fromBytes(held.id), providerId: held.provider_id });
  await tables
    .insertInto('rejections')
    .values({
      ...held,
      provider_id: providerId,
      pool,
      fingerprint,
      status,
      reason,
      detail,
      errors: JSON.stringify(errors),
    })
    // Alike ones share a row: the same message may have been refused for the newer reason by itself.
    .onConflict((conflict) =>
      conflict.columns(['fingerprint', 'provider_id']).doUpdateSet((row) => ({
        count: row('rejections.count', '+', row.ref('excluded.count')),
        last_seen_at: later(row.ref('rejections.last_seen_at'), row.ref('excluded.last_seen_at')),
      })),
    )
    .execute();
}
