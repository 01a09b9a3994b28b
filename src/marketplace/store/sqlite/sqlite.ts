import { Kysely, SqliteDialect, sql } from 'kysely';
import { createLedgerReader } from '../sql/readLedger.ts';
import { createRejectionReader } from '../sql/readRejections.ts';
import { createReportReader } from '../sql/readReports.ts';
import { createSubscriptionReader } from '../sql/readSubscriptions.ts';
import type { Schema } from '../sql/schema.ts';
import type { Store } from '../store.ts';
import { createDatabaseFile, openReader, openWriter } from './connection.ts';
import { prepareEmptyWrite } from './emptyWrite.ts';
import { eraseRemains } from './eraseRemains.ts';
import { prepareForget } from './forget.ts';
import { guard } from './guard.ts';
import { createListingStore } from './listings.ts';
import { migrate } from './migrate.ts';
import { createOrderFormStore } from './orderForms.ts';
import { createOrderStore } from './orders.ts';
import { tryMs, withPatience } from './patience.ts';
import { payloadConditions } from './payloadConditions.ts';
import { createProviderStore } from './providers.ts';
import { preparePurge } from './purgeTrackings.ts';
import { checkRoom } from './room.ts';
import { createScriptStore } from './scripts.ts';
import { prepareSettle } from './settleRejection.ts';
import { prepareBatchWrite } from './writeBatch.ts';

/**
 * The ledger in one SQLite file, created and brought up to date when it is opened. Three connections: two write,
 * synchronously, one of them only what grows, since a service can't stand still for a lock as long as a command
 * can; the third can only read, through Kysely. The file holds the providers' secrets as they are, since verifying
 * a signature takes the secret itself: only the file's owner can read it (0600).
 */
export async function openSqliteStore(path: string): Promise<Store> {
  createDatabaseFile(path);
  const writer = openWriter(path);
  await migrate(writer);
  const ledger = openWriter(path, tryMs);
  const readConnection = openReader(path);
  const reader = new Kysely<Schema>({ dialect: new SqliteDialect({ database: readConnection }) });
  const writeBatch = prepareBatchWrite(ledger);
  const purgeRejections = ledger.prepare<[number]>('delete from rejections where last_seen_at < ?');
  const settleRejection = prepareSettle(ledger);
  const purgeTrackings = preparePurge(ledger);
  const forgetCustomers = prepareForget(writer);
  const purgeKeys = ledger.prepare<[number]>('delete from report_keys where used_at < ?');

  const writeNothing = prepareEmptyWrite(ledger);

  const unguarded: Store = {
    ...createLedgerReader(reader),
    ...createRejectionReader(reader, payloadConditions),
    ...createReportReader(reader),
    ...createSubscriptionReader(reader),
    ...createProviderStore(writer, reader),
    ...createListingStore(writer, reader),
    ...createOrderFormStore(writer, reader),
    ...createOrderStore(ledger, reader),
    ...createScriptStore(writer, reader),
    write: (entries) => withPatience(() => writeBatch(entries)),
    settleRejection: (id, entry) => withPatience(() => settleRejection(id, entry)),
    purgeRejections: async (lastSeenBefore) => purgeRejections.run(lastSeenBefore).changes,
    purgeIdempotencyKeys: async (usedBefore) => purgeKeys.run(usedBefore).changes,
    purgeTrackings,
    forgetCustomers: (request) => withPatience(() => forgetCustomers(request)),
    eraseRemains: () => eraseRemains(writer),
    budgets: undefined,
    ping: async () => {
      await sql`select 1 from providers`.execute(reader);
      await checkRoom(path);
      await withPatience(writeNothing);
    },
    close: async () => {
      await reader.destroy();
      ledger.close();
      writer.close();
    },
  };
  return guardAll(unguarded);

  function guardAll(store: Store): Store {
    return {
      write: (entries) => guard(writer, () => store.write(entries)),
      findTracking: (id) => guard(writer, () => store.findTracking(id)),
      listTrackings: (query) => guard(writer, () => store.listTrackings(query)),
      findMintedReferrals: (referrals) => guard(writer, () => store.findMintedReferrals(referrals)),
      listClicks: (query) => guard(writer, () => store.listClicks(query)),
      listRejections: (query) => guard(writer, () => store.listRejections(query)),
      findRejection: (id) => guard(writer, () => store.findRejection(id)),
      settleRejection: (id, entry) => guard(writer, () => store.settleRejection(id, entry)),
      purgeRejections: (lastSeenBefore) => guard(writer, () => store.purgeRejections(lastSeenBefore)),
      findReport: (id) => guard(writer, () => store.findReport(id)),
      listReports: (query) => guard(writer, () => store.listReports(query)),
      listSubscriptions: (query) => guard(writer, () => store.listSubscriptions(query)),
      purgeIdempotencyKeys: (usedBefore) => guard(writer, () => store.purgeIdempotencyKeys(usedBefore)),
      findProvider: (partnerKey) => guard(writer, () => store.findProvider(partnerKey)),
      findProviderByKeyId: (keyId) => guard(writer, () => store.findProviderByKeyId(keyId)),
      listProviders: () => guard(writer, () => store.listProviders()),
      addProvider: (provider, secret) => guard(writer, () => store.addProvider(provider, secret)),
      changeProvider: (partnerKey, settings) =>
        guard(writer, () => store.changeProvider(partnerKey, settings)),
      addSecret: (partnerKey, secret) => guard(writer, () => store.addSecret(partnerKey, secret)),
      findListing: (name) => guard(writer, () => store.findListing(name)),
      listListings: () => guard(writer, () => store.listListings()),
      putListing: (listing) => guard(writer, () => store.putListing(listing)),
      findOrderForm: (path) => guard(writer, () => store.findOrderForm(path)),
      findOrderFormOf: (providerId) => guard(writer, () => store.findOrderFormOf(providerId)),
      listOrderForms: () => guard(writer, () => store.listOrderForms()),
      putOrderForm: (form) => guard(writer, () => store.putOrderForm(form)),
      keepLogo: (logo) => guard(writer, () => store.keepLogo(logo)),
      findLogo: (version) => guard(writer, () => store.findLogo(version)),
      createOrder: (order) => guard(writer, () => store.createOrder(order)),
      findOrder: (id) => guard(writer, () => store.findOrder(id)),
      findOrderByToken: (token) => guard(writer, () => store.findOrderByToken(token)),
      listOrders: (query) => guard(writer, () => store.listOrders(query)),
      listDueOrders: (query) => guard(writer, () => store.listDueOrders(query)),
      listLostOrders: (now) => guard(writer, () => store.listLostOrders(now)),
      beginAttempt: (attempt) => guard(writer, () => store.beginAttempt(attempt)),
      endAttempt: (attempt) => guard(writer, () => store.endAttempt(attempt)),
      changeOrder: (id, change, from, now) => guard(writer, () => store.changeOrder(id, change, from, now)),
      purgeOrders: (endedBefore) => guard(writer, () => store.purgeOrders(endedBefore)),
      keepScript: (version, source) => guard(writer, () => store.keepScript(version, source)),
      findScript: (version) => guard(writer, () => store.findScript(version)),
      purgeTrackings: (receivedBefore) => guard(writer, () => store.purgeTrackings(receivedBefore)),
      forgetCustomers: (request) => guard(writer, () => store.forgetCustomers(request)),
      eraseRemains: () => guard(writer, () => store.eraseRemains()),
      budgets: store.budgets,
      ping: () => guard(writer, () => store.ping()),
      close: () => store.close(),
    };
  }
}
