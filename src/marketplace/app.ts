import type { FastifyInstance } from 'fastify';
import type { Clock } from '../wire/time.ts';
import { assetRoutes } from './assets.ts';
import { administration } from './console/administration/administration.ts';
import { createQuietWatch } from './console/quietWatch.ts';
import { consoleRoutes } from './console/routes.ts';
import { healthRoutes } from './http/health.ts';
import { createServer } from './http/server.ts';
import { createIds } from './ledger/id.ts';
import type { KnownTime } from './ledger/knownTime.ts';
import { createLimits, type LimitSettings, limitAddresses, warnOfUntrustedProxy } from './limits/limits.ts';
import { linkRoutes } from './links/routes.ts';
import { countAnswers, type Metrics, timeCommits } from './metrics.ts';
import { openApiRoutes } from './openapi/document.ts';
import { portalRoutes } from './portal/portal.ts';
import { createProviderLookup } from './providers/lookup.ts';
import { provisioning, type Surroundings } from './provisioning/provisioning.ts';
import { createLister, type Lister } from './reading/lister.ts';
import { readingRoutes } from './reading/routes.ts';
import { type Script, scriptRoutes } from './script.ts';
import { prepareFramedPages } from './signin/framedPages.ts';
import { createGuard } from './signin/guard.ts';
import { sessionRoutes } from './signin/sessionRoutes.ts';
import { createSessions } from './signin/sessions.ts';
import { signInRoutes } from './signin/signInRoutes.ts';
import { unknownPageRoutes } from './signin/unknownPages.ts';
import type { Spool } from './store/spool.ts';
import type { Store } from './store/store.ts';
import { createLedgerWriter } from './store/writer.ts';
import { createReportIntake } from './subscriptions/receive.ts';
import { subscriptionRoutes } from './subscriptions/routes.ts';
import { createIntake } from './tracking/receive.ts';
import { intakeRoutes } from './tracking/routes.ts';
import { viewRoutes } from './views/routes.ts';

export interface AppParts {
  store: Store;
  /** Of what is read back; in this thread where it is left out. */
  lister?: Lister;
  clock: Clock;
  /** By the clock and the ledger; by the clock alone where it is left out. */
  knownTime?: KnownTime;
  script: Script;
  /** What pages with `?onramp_debug` load as well. */
  panel: Script;
  /** Where log lines go, as JSON. */
  log: { write(line: string): void };
  /** Of the calls to providers; the real ones where it is left out. */
  surroundings?: Surroundings;
  metrics: Metrics;
  limits: LimitSettings;
  /** For clicks on links while the database is away; without it, those of that time are lost. */
  spool?: Spool | undefined;
  /** How many proxies before the service add to X-Forwarded-For; 0: the connection's own address counts. */
  trustedProxies: number;
  /** Entries that may wait for their commit at once. */
  maxWaiting: number;
  /** How long a link waits for the database, in milliseconds; a second where it is left out. */
  maxLinkWaitMs?: number | undefined;
  /** A request that hasn't arrived whole by then is answered 408, in milliseconds; 30 s where it is left out. */
  requestTimeoutMs?: number | undefined;
}

/** The marketplace's service, listening to nothing yet. Closing it answers what is under way first. */
export async function createApp(parts: AppParts): Promise<FastifyInstance> {
  const { store, clock, script, panel, log, surroundings, metrics, trustedProxies } = parts;
  const { lister = createLister(store), requestTimeoutMs } = parts;
  const { knownTime = { earliest: clock, latest: clock } } = parts;
  const app = createServer({ log, trustedProxies, requestTimeoutMs });
  if (trustedProxies === 0) warnOfUntrustedProxy(app);
  countAnswers(app, metrics);

  // Not by the clock above, which may stand still: ids of several instances are in order only while time goes on.
  const createId = createIds(clock);
  const { maxWaiting } = parts;
  const { batchesAtOnce, findPlace } = store;
  const writer = createLedgerWriter(timeCommits(store, metrics), { maxWaiting, batchesAtOnce, findPlace });
  metrics.watchQueue(() => writer.unanswered);
  metrics.watchPlaces(writer.listPlaces);
  healthRoutes(app, { store, clock, writer });
  metrics.watchOrders(() => store.countStuckOrders());
  const quietWatch = createQuietWatch(lister, clock);
  metrics.watchQuiet(quietWatch.count);
  const limits = createLimits(parts.limits, clock, metrics.countLimited);
  const providers = createProviderLookup(store, clock);
  const intake = createIntake({
    store,
    providers,
    limits,
    writer,
    clock,
    knownTime,
    createId,
  });
  const reports = createReportIntake({ providers, limits, writer, clock, createId });
  await app.register(async (limited) => {
    limitAddresses(limited, limits);
    await limited.register(intakeRoutes, { intake, store, providers });
    await limited.register(readingRoutes, { lister, providers, store, clock });
    await limited.register(subscriptionRoutes, { intake: reports, store });
    const { countAttempt } = metrics;
    await limited.register(provisioning, {
      store,
      limits,
      clock,
      knownTime: knownTime.earliest,
      createId,
      surroundings,
      countAttempt,
    });
    await limited.register(async (pages) => {
      await prepareFramedPages(pages);
      const sessions = createSessions({ store, providers, clock });
      await pages.register(signInRoutes, { store, sessions, providers, limits, clock });
      const guard = createGuard(sessions);
      await pages.register(sessionRoutes, { store, guard, clock });
      await pages.register(consoleRoutes, { store, lister, guard, clock, quietWatch });
      await pages.register(unknownPageRoutes, { guard });
      await pages.register(administration, { store, guard, clock });
      await pages.register(viewRoutes, { store, lister, clock, createId, guard });
      await pages.register(portalRoutes, { store, lister, guard, writer, clock, createId });
    });
  });
  await app.register(assetRoutes);
  const { spool } = parts;
  if (spool) {
    metrics.watchSpool(spool);
    spool.keepKnown('referral key', store.referralKey);
  }
  await app.register(linkRoutes, {
    store,
    spool,
    limits,
    writer,
    clock,
    knownTime: knownTime.earliest,
    createId,
    countLost: metrics.countLostClick,
    maxWaitMs: parts.maxLinkWaitMs,
  });
  await app.register(openApiRoutes);
  await app.register(scriptRoutes, { script, panel, store });
  return app;
}
