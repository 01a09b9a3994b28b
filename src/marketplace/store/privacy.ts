import type { KeyObject } from 'node:crypto';
import type { SelectQueryBuilder } from 'kysely';
import { createFigureChanges, type FigureChanges } from '../ledger/figureChanges.ts';
import { forgottenHash } from '../ledger/hash.ts';
import { removeTrackings } from './countTrackings.ts';
import { type Database, ofNoProvider, type Tables, toParts } from './database.ts';
import { customerIdOf, forgetting } from './forgotten.ts';
import { providerPool, unknownKeyPool, unreadablePool } from './rejections.ts';
import type { Schema } from './schema.ts';
import { foundColumns, type TrackingStatements } from './trackingStatements.ts';

export interface ForgetRequest {
  providerId: number;
  partnerKey: string;
  /** By the provider's own ids, as stored. */
  customerIds: readonly string[];
  forgottenAt: number;
}

/** How many rows of each kind were erased. */
export interface Erased {
  /** Signups, renewals and refunds among them. */
  purchases: number;
  subscriptions: number;
  reports: number;
  idempotencyKeys: number;
  orders: number;
  rejections: number;
}

/** How many of the newest rows are looked at for the newest time. */
const newestRows = 500;

/** What makes a database forget. */
export function createPrivacyStore(
  { reader, transactLedger, eraseRemains }: Database,
  forgottenKey: KeyObject,
) {
  return {
    eraseRemains,

    /**
     * Erases all that the tables hold of a provider's customers, in one transaction, and remembers a keyed hash of
     * each: from then on, whatever arrives of them is not written (Outcome `forgotten`). Writers wait meanwhile.
     */
    forgetCustomers: (request: ForgetRequest): Promise<Erased> =>
      transactLedger(
        async (tables, statements) => {
          const changes = createFigureChanges();
          const erased = await forgetCustomers({ tables, statements, changes }, forgottenKey, request);
          await statements.moveFigures(changes);
          return erased;
        },
        { hold: [forgetting] },
      ),

    /** Those of the ids of whom there is anything, or who were forgotten before. */
    async findCustomers(request: Omit<ForgetRequest, 'forgottenAt'>): Promise<string[]> {
      const known: string[] = [];
      for (const id of request.customerIds) {
        if (await isKnown(reader, forgottenKey, request, id)) known.push(id);
      }
      return known;
    },

    /** The newest time at which anything arrived or a secret was made, in epoch milliseconds; undefined where nothing was. */
    async findNewestTime(): Promise<number | undefined> {
      const newest = await Promise.all([
        newestOf(reader.selectFrom('secrets').select('created_at as time').orderBy('created_at', 'desc')),
        newestOf(reader.selectFrom('trackings').select('received_at as time').orderBy('id', 'desc')),
        newestOf(reader.selectFrom('clicks').select('clicked_at as time').orderBy('id', 'desc')),
        newestOf(reader.selectFrom('reports').select('received_at as time').orderBy('position', 'desc')),
        newestOf(reader.selectFrom('orders').select('created_at as time').orderBy('id', 'desc')),
        newestOf(
          reader.selectFrom('rejections').select('last_seen_at as time').orderBy('last_seen_at', 'desc'),
        ),
      ]);
      const times = newest.filter((time) => time !== undefined);
      return times.length > 0 ? Math.max(...times) : undefined;
    },
  };

  /** Of the last rows, in whose order a replayed one may stand among newer ones. */
  async function newestOf(rows: SelectQueryBuilder<Schema, keyof Schema, { time: number }>) {
    const last = await rows.limit(newestRows).execute();
    return last.length > 0 ? Math.max(...last.map(({ time }) => time)) : undefined;
  }
}

/** What deletes, and what that changes of the figures. */
interface Deleting {
  tables: Tables;
  statements: TrackingStatements;
  changes: FigureChanges;
}

type Named = Pick<ForgetRequest, 'providerId' | 'partnerKey'>;

interface Deletion {
  executeTakeFirst(): Promise<{ numDeletedRows: bigint }>;
}

async function forgetCustomers(
  { tables, statements, changes }: Deleting,
  forgottenKey: KeyObject,
  { providerId, partnerKey, customerIds, forgottenAt }: ForgetRequest,
): Promise<Erased> {
  const erased: Erased = {
    purchases: 0,
    subscriptions: 0,
    reports: 0,
    idempotencyKeys: 0,
    orders: 0,
    rejections: 0,
  };
  const remove = async (kind: keyof Erased, deletion: Deletion) => {
    erased[kind] += Number((await deletion.executeTakeFirst()).numDeletedRows);
  };
  for (const customerId of customerIds) {
    await tables
      .insertInto('forgotten')
      .values({ hash: forgottenHash(forgottenKey, providerId, customerId), forgotten_at: forgottenAt })
      .onConflict((conflict) => conflict.column('hash').doNothing())
      .execute();
    // In this order, since later ones are what earlier ones find theirs by.
    const subscriptions = tables
      .selectFrom('subscriptions')
      .select('position')
      .where('provider_id', '=', providerId)
      .where('coid', '=', customerId);
    const reports = tables
      .selectFrom('reports')
      .select('id')
      .where('provider_id', '=', providerId)
      .where('subscription', 'in', subscriptions);
    const orders = tables
      .selectFrom('orders')
      .select('id')
      .where('provider_id', '=', providerId)
      .where('coid', '=', customerId);
    const trackings = await tables
      .selectFrom('trackings')
      .select(foundColumns)
      .where('provider_id', '=', providerId)
      .where('customer_id', '=', customerId)
      .execute();
    await removeTrackings(statements, trackings, changes);
    erased.purchases += trackings.length;
    await remove(
      'idempotencyKeys',
      tables
        .deleteFrom('report_keys')
        .where('provider_id', '=', providerId)
        .where('report_id', 'in', reports),
    );
    await remove(
      'reports',
      tables
        .deleteFrom('reports')
        .where('provider_id', '=', providerId)
        .where('subscription', 'in', subscriptions),
    );
    await remove(
      'subscriptions',
      tables.deleteFrom('subscriptions').where('provider_id', '=', providerId).where('coid', '=', customerId),
    );
    await tables
      .deleteFrom('order_attempts')
      .where('provider_id', '=', providerId)
      .where('order_id', 'in', orders)
      .execute();
    await remove(
      'orders',
      tables.deleteFrom('orders').where('provider_id', '=', providerId).where('coid', '=', customerId),
    );
    erased.rejections += await forgetRejections(tables, { providerId, partnerKey }, customerId);
  }
  return erased;
}

async function isKnown(
  tables: Tables,
  forgottenKey: KeyObject,
  { providerId, partnerKey }: Named,
  customerId: string,
): Promise<boolean> {
  const hash = Buffer.from(forgottenHash(forgottenKey, providerId, customerId));
  const found = await Promise.all([
    tables
      .selectFrom('trackings')
      .select('id')
      .where('provider_id', '=', providerId)
      .where('customer_id', '=', customerId)
      .limit(1)
      .execute(),
    tables
      .selectFrom('subscriptions')
      .select('id')
      .where('provider_id', '=', providerId)
      .where('coid', '=', customerId)
      .execute(),
    tables
      .selectFrom('orders')
      .select('id')
      .where('provider_id', '=', providerId)
      .where('coid', '=', customerId)
      .limit(1)
      .execute(),
    tables.selectFrom('forgotten').select('hash').where('hash', '=', hash).execute(),
    findRefusedOf(tables, { providerId, partnerKey }, customerId),
  ]);
  return found.some((rows) => rows.length > 0);
}

async function forgetRejections(tables: Tables, provider: Named, customerId: string): Promise<number> {
  const named = await findRefusedOf(tables, provider, customerId);
  for (const [ownerId, rows] of Map.groupBy(named, (row) => row.provider_id)) {
    for (const part of toParts(rows)) {
      const ids = part.map(({ id }) => id);
      await tables
        .deleteFrom('rejections')
        .where('provider_id', '=', ownerId)
        .where('id', 'in', ids)
        .execute();
    }
  }
  return named.length;
}

async function findRefusedOf(tables: Tables, { providerId, partnerKey }: Named, customerId: string) {
  const refused = await tables
    .selectFrom('rejections')
    .select(['id', 'provider_id', 'payload'])
    .where('provider_id', 'in', [providerId, ofNoProvider])
    .where('pool', 'in', [providerPool(partnerKey), unknownKeyPool, unreadablePool])
    .execute();
  return refused.filter(({ payload }) => isAbout(JSON.parse(payload), customerId));
}

/**
 * Whether the refused message is about the customer: by its customerId or, where it has none, by any text that has
 * the id in it, not as a part of a longer word or number. Another customer's message stays that customer's.
 */
function isAbout(payload: Readonly<Record<string, unknown>>, customerId: string): boolean {
  const named = customerIdOf(payload);
  if (named !== undefined) return named === customerId;
  const literally = customerId.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const word = new RegExp(`(?<![\\p{L}\\p{N}])${literally}(?![\\p{L}\\p{N}])`, 'u');
  return Object.values(payload).some((value) => word.test(String(value)));
}
