import type { Selectable } from 'kysely';
import { firstIdAt, fromBytes, toBytes } from '../ledger/id.ts';
import type { Moment } from '../ledger/knownTime.ts';
import { createByPlace, sumOfAll, type Whose } from './byPlace.ts';
import type { Database, PageQuery, Tables } from './database.ts';
import {
  type Attempt,
  attemptColumns,
  type BuyerFailure,
  beginAttempt,
  type EndedAttempt,
  endAttempt,
  type NewAttempt,
  type OrderChange,
  type OwnedOrder,
  type PasswordClaim,
  toAttempts,
  updateOrder,
} from './orderAttempts.ts';
import type { EndpointFault, OrderStatus, Schema } from './schema.ts';

export {
  type AttemptOutcome,
  type EndpointFault,
  endpointFaults,
  type OrderStatus,
  orderStatuses,
} from './schema.ts';

export interface NewOrder {
  id: string;
  /** Unguessable: the address of the order's page, and what makes a form's second submission the same order. */
  token: string;
  providerId: number;
  /** What is sent to the provider, but for the password. */
  fields: Readonly<Record<string, string>>;
  /** Hash of what the buyer entered, but for the password. */
  fingerprint: Uint8Array;
  hasPassword: boolean;
  /** Of the process that has the order's password. */
  held?: PasswordClaim | undefined;
  createdAt: number;
}

export interface Order extends Omit<NewOrder, 'fields' | 'held'> {
  partnerKey: string;
  providerName: string;
  /** Undefined once they were purged. */
  fields: Readonly<Record<string, string>> | undefined;
  status: OrderStatus;
  coid?: string | undefined;
  /** What the provider said to the buyer. */
  failure?: BuyerFailure | undefined;
  /** What keeps it from the provider. */
  fault?: EndpointFault | undefined;
  /** When something is to be done about it; undefined while an attempt is under way, and where nothing is. */
  nextAt?: number | undefined;
  isUnderAttempt: boolean;
  /** Until when some process has its password, as far as is known; undefined where none has. */
  heldUntil?: number | undefined;
  /** Oldest first. */
  attempts: readonly Attempt[];
}

/** Due orders, as a process looks for them that has passwords of some. */
export interface DueQuery extends Moment {
  /** No attempt is put off beyond then: who did so had a clock that was ahead. */
  latest: number;
  limit: number;
  /** Of other providers than these. */
  exceptProviders: readonly number[];
  /** Names the process: orders whose password another has are none of its business... */
  holder: string;
  /** ...unless the claim ended before then. */
  lostBefore: number;
}

export interface OrderQuery extends PageQuery {
  providerId?: number | undefined;
  status?: OrderStatus | undefined;
}

export interface OrderQueueQuery {
  /** In any of these. */
  statuses: readonly OrderStatus[];
  providerId?: number | undefined;
  /** Made then or later, in epoch milliseconds. */
  since?: number | undefined;
  limit: number;
}

/** How many orders wait for a person, or don't get through to their provider, and for which reason. */
export type StuckOrders = ReadonlyMap<EndpointFault | 'undecided', number>;

export interface RenewedClaims {
  /** Of the orders. */
  ids: string[];
  /** Whether all were found: where a place is away, its orders may go on as well. */
  isOfAll: boolean;
}

export type OrderStore = ReturnType<typeof createOrderStore>;

/** Orders of accounts at providers, and the attempts to have them made. */
export function createOrderStore(database: Database) {
  const { reader, transact, isSpread } = database;
  const byPlace = createByPlace(database);
  const orders = reader
    .selectFrom('orders')
    .innerJoin('providers', 'providers.id', 'orders.provider_id')
    .selectAll('orders')
    .select(['providers.partner_key as partner_key', 'providers.name as provider_name']);
  // Compiled once, since an idle process asks it twice a second; each part by the index of these alone.
  const goingOn = reader
    .selectFrom('orders')
    .select('id')
    .where('next_at', 'is not', null)
    .unionAll(reader.selectFrom('orders').select('id').where('lease_until', 'is not', null))
    .limit(1)
    .compile();

  /** In one statement, for what is read apart may be of two moments: an order, and an attempt that began since. */
  async function withAttempts(query: typeof orders): Promise<Order[]> {
    const rows = await reader
      .selectFrom(query.as('orders'))
      .leftJoin('order_attempts as attempts', (join) =>
        join
          .onRef('attempts.order_id', '=', 'orders.id')
          .onRef('attempts.provider_id', '=', 'orders.provider_id'),
      )
      .selectAll('orders')
      .select(attemptColumns)
      .orderBy('attempts.number')
      .execute();
    return [...Map.groupBy(rows, ({ token }) => token).values()].flatMap((ofOne) => {
      const [row] = ofOne;
      return row ? toOrder(row, toAttempts(ofOne)) : [];
    });
  }

  /**
   * The few among all providers' orders. Where the tables are spread they are looked for first, and then at each of them:
   * together with their attempts, all attempts there are would be brought together for it. What an order was looked for
   * by may no longer be so by then: it is asked again, in the statement that reads it.
   */
  async function findFew(query: typeof orders): Promise<Order[]> {
    if (!isSpread) return await withAttempts(query);
    const found: Order[] = [];
    // Without a limit, behind which a planner looks for the attempts in all parts.
    const asked = query.clearOrderBy().clearLimit();
    for (const { id, provider_id: providerId } of await query.execute()) {
      const own = asked.where('orders.id', '=', id).where('orders.provider_id', '=', providerId);
      found.push(...(await withAttempts(own)));
    }
    return found;
  }

  /** The same, without those whose place is away: they are looked for again. */
  async function findFewOfAll(query: typeof orders): Promise<Order[]> {
    const { results } = await byPlace((whose) =>
      findFew(whose ? query.where('orders.provider_id', 'in', whose) : query),
    );
    return results.flat();
  }

  /** Of all providers where none is given, as the tokens of old don't say theirs. */
  async function findOrderByToken(token: string, providerId?: number): Promise<Order | undefined> {
    let query = orders.where('orders.token', '=', token);
    if (providerId !== undefined) query = query.where('orders.provider_id', '=', providerId);
    return (await withAttempts(query))[0];
  }

  return {
    findOrderByToken,

    /** Looks at all providers' orders: for people, who have an id alone. */
    async findOrder(id: string): Promise<Order | undefined> {
      return (await withAttempts(orders.where('orders.id', '=', toBytes(id))))[0];
    },

    /** Newest first; of all providers and states where none is named. */
    async listOrders({ providerId, status, before, limit }: OrderQuery): Promise<Order[]> {
      let query = orders;
      if (providerId !== undefined) query = query.where('orders.provider_id', '=', providerId);
      if (status) query = query.where('orders.status', '=', status);
      if (before) query = query.where('orders.id', '<', toBytes(before));
      const found = await withAttempts(query.orderBy('orders.id', 'desc').limit(limit));
      return found.sort((one, other) => (one.id < other.id ? 1 : -1));
    },

    /** Oldest first: who has waited longest. */
    async listOrderQueue({ statuses, providerId, since, limit }: OrderQueueQuery): Promise<Order[]> {
      let query = orders.where('orders.status', 'in', statuses);
      if (providerId !== undefined) query = query.where('orders.provider_id', '=', providerId);
      if (since !== undefined) query = query.where('orders.id', '>=', toBytes(firstIdAt(since)));
      const found = await withAttempts(query.orderBy('orders.id').limit(limit));
      return found.sort((one, other) => (one.id > other.id ? 1 : -1));
    },

    /**
     * Whether any order waits for a time or is under an attempt, without which none is due or lost. Where the tables are
     * spread it is taken for granted: to ask them all is as dear as to look.
     */
    async hasOrdersGoingOn(): Promise<boolean> {
      return isSpread || (await reader.executeQuery(goingOn)).rows.length > 0;
    },

    /**
     * Orders whose next attempt is due and not under way, of providers that can be called; longest due first. A buyer's or
     * a person's time is up by the known time only: a clock that is ahead must not end it.
     */
    async listDueOrders(due: DueQuery): Promise<Order[]> {
      const { now, knownNow, latest, limit, exceptProviders, holder, lostBefore } = due;
      let others = orders;
      if (exceptProviders.length > 0) others = others.where('orders.provider_id', 'not in', exceptProviders);
      const query = others
        // By the index of these alone.
        .where('orders.next_at', 'is not', null)
        .where(({ eb, and, or }) =>
          or([
            and([
              eb('orders.status', 'in', ['under_way', 'waiting']),
              or([eb('orders.next_at', '<=', now), eb('orders.next_at', '>', latest)]),
            ]),
            eb('orders.next_at', '<=', knownNow),
          ]),
        )
        .where('orders.lease_until', 'is', null)
        .where(({ eb, or }) =>
          or([
            // Of one that has no password, too.
            eb('orders.held_by', 'is', null),
            eb('orders.held_by', '=', holder),
            eb('orders.held_until', '<', lostBefore),
          ]),
        )
        .where('providers.disabled', '=', 0)
        .where('providers.provision_url', 'is not', null)
        .orderBy('orders.next_at')
        .limit(limit);
      const found = await findFewOfAll(query);
      return found.sort((one, other) => (one.nextAt ?? 0) - (other.nextAt ?? 0)).slice(0, limit);
    },

    /** Orders whose attempt should have ended by then: the process that made it is gone. */
    listLostOrders: (now: number): Promise<Order[]> =>
      findFewOfAll(orders.where('orders.lease_until', '<', now)),

    /**
     * Keeps the order, unless its token has made one before; on disk when it resolves.
     *
     * @returns the one that the token stands for
     */
    async createOrder(order: NewOrder): Promise<{ result: 'created' | 'known'; order: Order }> {
      const isNew = await transact((tables) => insertOrder(tables, order));
      const kept = await findOrderByToken(order.token, order.providerId);
      if (!kept) throw new Error('The order is not there after it was written.');
      return { result: isNew ? 'created' : 'known', order: kept };
    },

    /**
     * Claims the order for one attempt, so that no other process makes one at the same time.
     *
     * @returns the attempt's number, from 1; undefined where the order is no longer due
     */
    beginAttempt: (attempt: NewAttempt): Promise<number | undefined> =>
      transact((tables) => beginAttempt(tables, attempt)),

    /**
     * Keeps what became of the attempt, and of the order if the attempt still has the claim. An account that was
     * made counts even without the claim.
     */
    endAttempt: (attempt: EndedAttempt): Promise<void> => transact((tables) => endAttempt(tables, attempt)),

    /** Of all providers; a reason for which none waits is left out. */
    async countStuckOrders(): Promise<StuckOrders> {
      const rows = await reader
        .selectFrom('orders')
        .select(({ fn }) => ['status', 'fault', fn.countAll<number>().as('count')])
        .where('status', 'in', ['waiting', 'needs_attention', 'undecided'])
        .groupBy(['status', 'fault'])
        .execute();
      const stuck = new Map<EndpointFault | 'undecided', number>();
      for (const { status, fault, count } of rows) {
        const reason = status === 'undecided' ? status : fault;
        if (reason) stuck.set(reason, (stuck.get(reason) ?? 0) + count);
      }
      return stuck;
    },

    /** Changes an order that is in one of the states and under no attempt; false where it isn't. */
    changeOrder: (
      order: OwnedOrder,
      change: OrderChange,
      from: readonly OrderStatus[],
      now: number,
    ): Promise<boolean> =>
      transact(async (tables) => {
        const { numUpdatedRows } = await updateOrder(tables, order, change, now)
          .where('lease_until', 'is', null)
          .where('status', 'in', from)
          .executeTakeFirst();
        return numUpdatedRows === 1n;
      }),

    /** Claims all passwords of a process anew, of orders that go on. */
    async renewPasswordClaims(claim: PasswordClaim): Promise<RenewedClaims> {
      const { results, errors } = await byPlace((whose) =>
        transact((tables) => renewClaims(tables, claim, whose)),
      );
      return { ids: results.flat(), isOfAll: errors.length === 0 };
    },

    /**
     * Deletes what buyers entered, and what they were told, from orders that had ended before or waited for a person
     * since before then; returns of how many. A person can still settle one that waits.
     */
    purgeOrders: (restingBefore: number): Promise<number> =>
      sumOfAll(byPlace((whose) => transact((tables) => purgeOrders(tables, restingBefore, whose)))),
  };
}

/** The orders' ids. */
async function renewClaims(tables: Tables, { by, until }: PasswordClaim, whose: Whose): Promise<string[]> {
  let held = tables.updateTable('orders').set({ held_until: until }).where('held_by', '=', by);
  if (whose) held = held.where('provider_id', 'in', whose);
  return (await held.returning('id').execute()).map(({ id }) => fromBytes(id));
}

async function purgeOrders(tables: Tables, restingBefore: number, whose: Whose): Promise<number> {
  // What a provider said may name the buyer, and the fingerprint could be guessed from.
  let attempts = tables
    .updateTable('order_attempts')
    .set({ reason: null })
    .where('outcome', '=', 'refused')
    .where(({ eb, refTuple, selectFrom }) =>
      eb(
        refTuple('order_id', 'provider_id'),
        'in',
        selectFrom('orders')
          .select(['id', 'provider_id'])
          .where('ended_at', '<', restingBefore)
          .where('fields', 'is not', null)
          .$if(whose !== undefined, (own) => own.where('provider_id', 'in', whose ?? []))
          .$asTuple('id', 'provider_id'),
      ),
    );
  let orders = tables
    .updateTable('orders')
    .set({ fields: null, failure: null, fingerprint: Buffer.alloc(0) })
    .where('ended_at', '<', restingBefore)
    .where('fields', 'is not', null);
  if (whose) {
    attempts = attempts.where('provider_id', 'in', whose);
    orders = orders.where('provider_id', 'in', whose);
  }
  await attempts.execute();
  return Number((await orders.executeTakeFirst()).numUpdatedRows);
}

/** False when the token has made an order before. */
async function insertOrder(tables: Tables, order: NewOrder): Promise<boolean> {
  const { id, token, providerId, fields, fingerprint, hasPassword, held, createdAt } = order;
  const { numInsertedOrUpdatedRows } = await tables
    .insertInto('orders')
    .values({
      id: toBytes(id),
      token,
      provider_id: providerId,
      status: 'under_way',
      fields: JSON.stringify(fields),
      fingerprint,
      has_password: hasPassword ? 1 : 0,
      held_by: held?.by ?? null,
      held_until: held?.until ?? null,
      created_at: createdAt,
      next_at: createdAt,
    })
    // By whichever key.
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows === 1n) return true;
  // Locked, so that the commit waits for the standbys like that of the first: see postgres/trackings.ts.
  await tables
    .selectFrom('orders')
    .select('id')
    .where('token', '=', token)
    .where('provider_id', '=', providerId)
    .forUpdate()
    .execute();
  return false;
}

type JoinedOrder = Selectable<Schema['orders']> & { partner_key: string; provider_name: string };

function toOrder(row: JoinedOrder, attempts: readonly Attempt[]): Order {
  return {
    id: fromBytes(row.id),
    token: row.token,
    providerId: row.provider_id,
    partnerKey: row.partner_key,
    providerName: row.provider_name,
    status: row.status,
    fields: row.fields === null ? undefined : JSON.parse(row.fields),
    fingerprint: row.fingerprint,
    hasPassword: row.has_password === 1,
    heldUntil: row.held_until ?? undefined,
    coid: row.coid ?? undefined,
    failure: row.failure === null ? undefined : JSON.parse(row.failure),
    fault: row.fault ?? undefined,
    createdAt: row.created_at,
    nextAt: row.next_at ?? undefined,
    isUnderAttempt: row.lease_until !== null,
    attempts,
  };
}
