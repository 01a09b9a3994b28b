import { createSecretKey } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { healthRoutes } from './http/health.ts';
import { createServer, type ServerParts } from './http/server.ts';
import { createIds } from './ledger/id.ts';
import { createReferrals } from './ledger/referral.ts';
import { createLimits, type LimitSettings } from './limits/limits.ts';
import { linkRoutes } from './links/routes.ts';
import { type Script, scriptRoutes } from './script.ts';
import type { StoreUnavailableError } from './store/errors.ts';
import type { Spool } from './store/spool.ts';

export interface MeanwhileParts extends ServerParts {
  spool: Spool;
  /** Why the database can't be opened. */
  reason: StoreUnavailableError;
  script: Script;
  panel: Script;
  limits: LimitSettings;
}

/**
 * What the service is while it starts and its database is away: links lead where they last led, the script is served, and
 * all else is 503. Undefined where the spool doesn't know where links led.
 */
export async function createMeanwhileApp(parts: MeanwhileParts): Promise<FastifyInstance | undefined> {
  const { spool, reason, script, panel, limits } = parts;
  const key = spool.known('referral key');
  if (key === undefined || spool.known('listings') === undefined) return undefined;
  const clock = Date.now;
  const referrals = createReferrals(createSecretKey(Buffer.from(key, 'base64url')));
  const fail = () => Promise.reject(reason);
  const app = createServer(parts);
  healthRoutes(app, { store: { ping: fail }, clock, writer: { listPlaces: () => [] } });
  await app.register(linkRoutes, {
    store: {
      findListing: fail,
      listListings: fail,
      mintReferral: referrals.mint,
      readReferral: referrals.read,
    },
    spool,
    limits: createLimits(limits, clock, () => undefined),
    writer: { write: fail },
    clock,
    // Nothing grows too old before the ledger says what time it is.
    knownTime: () => 0,
    createId: createIds(clock),
    countLost: () => undefined,
  });
  await app.register(scriptRoutes, {
    script,
    panel,
    store: { keepScript: async () => undefined, findScript: fail },
  });
  // Before a body is read: of one that can't be, 503 has to be said all the same.
  app.all('/*', { onRequest: fail }, fail);
  return app;
}
