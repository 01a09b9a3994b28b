import { randomInt } from 'node:crypto';
import { Kysely } from 'kysely';
import { createLedgerReader } from '../sql/readLedger.ts';
import { createRejectionReader } from '../sql/readRejections.ts';
import { createReportReader } from '../sql/readReports.ts';
import { createSubscriptionReader } from '../sql/readSubscriptions.ts';
import type { Schema } from '../sql/schema.ts';
import type { Store } from '../store.ts';
import { createSharedBudgets } from './budgets.ts';
import { createDialect } from './dialect.ts';
import { eraseRemains } from './eraseRemains.ts';
import { forgetCustomers } from './forget.ts';
import { readForgottenKey } from './forgotten.ts';
import { createListingStore } from './listings.ts';
import { migrate } from './migrate.ts';
import { createOrderFormStore } from './orderForms.ts';
import { createOrderStore } from './orders.ts';
import { payloadConditions } from './payloadConditions.ts';
import { type ConnectionPool, createPool } from './pool.ts';
import { createProviderStore } from './providers.ts';
import { purgeIdempotencyKeys, purgeRejections, purgeTrackings } from './purge.ts';
import { createScriptStore } from './scripts.ts';
import { settleRejection } from './settleRejection.ts';
import { transact } from './transaction.ts';
import { writeBatch } from './writeBatch.ts';

/** Rows of the table `readiness`, at most. */
const readinessPlaces = 1_000;
/** The ledger's batches go one after the other; the second connection is for readiness and settling. */
const ledgerConnections = 2;
/** For all else. Apart, so that lists that take long don't keep purchases waiting. */
const otherConnections = 8;

/**
 * The ledger in a PostgreSQL database, which any number of instances share; its tables are brought up to date when it
 * is opened. It holds the providers' secrets as they are, since verifying a signature takes the secret itself: only the
 * service's own role should be able to read it.
 *
 * @param url postgres://user:password@host:port/database
 * @throws StoreUnavailableError when it can't be reached
 */
export async function openPostgresStore(url: string): Promise<Store> {
  await migrate(url);
  const ledger = createPool(url, ledgerConnections);
  const pool = createPool(url, otherConnections);
  const reader = new Kysely<Schema>({ dialect: createDialect(pool) });
  const place = randomInt(readinessPlaces);
  const forgottenKey = await transact(ledger, '', readForgottenKey);

  return {
    ...createLedgerReader(reader),
    ...createRejectionReader(reader, payloadConditions),
    ...createReportReader(reader),
    ...createSubscriptionReader(reader),
    ...createProviderStore(pool, reader),
    ...createListingStore(pool, reader),
    ...createOrderFormStore(pool, reader),
    ...createOrderStore(pool, reader),
    ...createScriptStore(pool, reader),
    write: (entries) => writeBatch(ledger, forgottenKey, entries),
    settleRejection: (id, entry) => settleRejection(ledger, forgottenKey, id, entry),
    purgeRejections: (lastSeenBefore) => purgeRejections(pool, lastSeenBefore),
    purgeIdempotencyKeys: (usedBefore) => purgeIdempotencyKeys(pool, usedBefore),
    purgeTrackings: (receivedBefore) => purgeTrackings(pool, receivedBefore),
    forgetCustomers: (request) => forgetCustomers(pool, forgottenKey, request),
    eraseRemains: () => eraseRemains(url),
    budgets: createSharedBudgets(pool),
    ping: () => checkReadiness(ledger, place),
    close: async () => {
      await Promise.all([pool.end(), ledger.end()]);
    },
  };
}

/**
 * Commits a little row the whole way of a purchase: a server that may only be read, or whose standby is gone, fails.
 * Each process has a place of its own, lest one that was cut off just then holds the others up.
 */
async function checkReadiness(ledger: ConnectionPool, place: number): Promise<void> {
  await transact(ledger, '', (connection) =>
    connection.query(
      `insert into readiness (id, checked_at) values ($1, $2)
       on conflict (id) do update set checked_at = excluded.checked_at`,
      [place, Date.now()],
    ),
  );
}
