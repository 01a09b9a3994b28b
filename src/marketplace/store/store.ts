import { randomInt } from 'node:crypto';
import { createReferrals } from '../ledger/referral.ts';
import { createArrivalStore } from './arrivals.ts';
import { createAuditStore } from './audit.ts';
import { createClickStore } from './clicks.ts';
import type { Database } from './database.ts';
import { keepDatabaseKey } from './databaseKey.ts';
import { createFigureStore } from './figures.ts';
import { readForgottenKey } from './forgotten.ts';
import { createLedgerStore } from './ledger.ts';
import { createListingStore } from './listings.ts';
import { createOperatorStore } from './operators.ts';
import { createOrderFormStore } from './orderForms.ts';
import { createOrderStore } from './orders.ts';
import { createPaymentStore } from './payments.ts';
import { createPrivacyStore } from './privacy.ts';
import { createProviderStore } from './providers.ts';
import { createPulseStore } from './pulse.ts';
import { createRejectionStore } from './rejections.ts';
import { createRetentionStore } from './retention.ts';
import { createScriptStore } from './scripts.ts';
import { createSessionStore } from './sessions.ts';
import { createSettingsVersionStore } from './settingsVersion.ts';
import { createSignInLinkStore } from './signInLinks.ts';
import { createSubscriptionStore } from './subscriptions.ts';
import { createTrackingStore } from './trackings.ts';

/**
 * What the service needs of a database. Ids are UUIDv7 texts, so that their order is the order of arrival;
 * all times are epoch milliseconds. Every function throws StoreUnavailableError when the database cannot be
 * read or written just now.
 */
export type Store = Awaited<ReturnType<typeof createStore>>;

/** @param database whose tables are up to date */
export async function createStore(database: Database) {
  const forgottenKey = await readForgottenKey(database);
  const referralKey = await keepDatabaseKey(database, 'referral');
  const referrals = createReferrals(referralKey);
  return {
    ...createLedgerStore(database, { forgottenKey, referrals }),
    /** By which referral ids are minted, as base64url: for what has to mint them without the database. */
    referralKey: referralKey.export().toString('base64url'),
    /** A new referral id of this database. */
    mintReferral: referrals.mint,
    /** What a referral id was minted with; undefined of those of old, and of what was never minted here. */
    readReferral: referrals.read,
    batchesAtOnce: database.batchesAtOnce,
    findPlace: database.findPlace,
    ...createTrackingStore(database),
    ...createPaymentStore(database),
    ...createFigureStore(database),
    /** Makes reading of figures over long times cheap; to be called now and then. */
    foldFigures: async (before: number) => database.foldFigures?.(before),
    ...createClickStore(database),
    ...createRejectionStore(database),
    ...createSubscriptionStore(database),
    ...createProviderStore(database),
    ...createListingStore(database),
    ...createSettingsVersionStore(database),
    ...createScriptStore(database),
    ...createOrderFormStore(database),
    ...createOrderStore(database),
    ...createOperatorStore(database),
    ...createSignInLinkStore(database),
    ...createSessionStore(database),
    ...createAuditStore(database),
    ...createArrivalStore(database),
    ...createPulseStore(database),
    ...createPrivacyStore(database, forgottenKey),
    ...createRetentionStore(database),
    /** Resolves when the database has answered and has taken a write to disk. */
    ping: createReadinessCheck(database),
    close: () => database.close(),
  };
}

export type ListStore = ReturnType<typeof createListStore>;

/** The lists alone, and whose they are. */
export function createListStore(database: Database) {
  const { listTrackings } = createTrackingStore(database);
  const { listPayments } = createPaymentStore(database);
  const { listClicks } = createClickStore(database);
  const { listRejections, countRefusedReasons } = createRejectionStore(database);
  const { listSubscriptions, listReports } = createSubscriptionStore(database);
  const { listOrders } = createOrderStore(database);
  const { findFigureMonths, sumFigures } = createFigureStore(database);
  const { findProvider } = createProviderStore(database);
  const { listArrivals } = createArrivalStore(database);
  return {
    findProvider,
    findFigureMonths,
    sumFigures,
    listTrackings,
    listPayments,
    listClicks,
    listRejections,
    countRefusedReasons,
    listSubscriptions,
    listReports,
    listOrders,
    listArrivals,
  };
}

/** Rows of the table `readiness`, at most. */
const readinessPlaces = 1_000;

/**
 * Returns what commits a little row the whole way of a purchase: a database that may only be read, is locked or full, or
 * whose standby is gone, fails. Each process has a place of its own, lest one that was cut off just then holds the
 * others up.
 */
function createReadinessCheck({ checkFiles, transactLedger }: Database): () => Promise<void> {
  const id = randomInt(readinessPlaces);
  return async () => {
    await checkFiles();
    await transactLedger(async (tables) => {
      const checked = { checked_at: Date.now() };
      await tables
        .insertInto('readiness')
        .values({ id, ...checked })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(checked))
        .execute();
    });
  };
}
