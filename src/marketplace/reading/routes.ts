import type { FastifyInstance } from 'fastify';
import { trackingPath } from '../../wire/paths.ts';
import { allowOnly } from '../http/errors.ts';
import type { ProviderLookup } from '../providers/lookup.ts';
import type { LedgerStore } from '../store/ledger.ts';
import { providerPool } from '../store/rejections.ts';
import { authenticate } from './authenticate.ts';
import { presentClick, presentRejection, presentTracking } from './present.ts';
import { pageOf, pageQuery, parseQuery, trackingsQuery } from './query.ts';

export interface ReadingRoutesOptions {
  store: LedgerStore;
  providers: ProviderLookup;
}

/** What a provider reads back: its own rows only, newest first. */
export async function readingRoutes(app: FastifyInstance, options: ReadingRoutesOptions): Promise<void> {
  const { store, providers } = options;
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  });

  app.get(trackingPath, async (request) => {
    const provider = await authenticate(request, providers);
    const { limit, cursor, event: events, customerId } = parseQuery(trackingsQuery, request.query);
    const query = { providerId: provider.id, events, customerId, before: cursor, limit: limit + 1 };
    const { items, next } = pageOf(await store.listTrackings(query), limit, ({ id }) => id);
    return { items: items.map(presentTracking), next };
  });

  app.get('/api/rejections', async (request) => {
    const provider = await authenticate(request, providers);
    const { limit, cursor } = parseQuery(pageQuery, request.query);
    const query = { pool: providerPool(provider.partnerKey), before: cursor, limit: limit + 1 };
    const { items, next } = pageOf(await store.listRejections(query), limit, ({ latestId }) => latestId);
    return { items: items.map(presentRejection), next };
  });
  allowOnly(app, '/api/rejections', ['GET']);

  app.get('/api/clicks', async (request) => {
    const provider = await authenticate(request, providers);
    const { limit, cursor } = parseQuery(pageQuery, request.query);
    const query = { providerId: provider.id, before: cursor, limit: limit + 1 };
    const { items, next } = pageOf(await store.listClicks(query), limit, ({ id }) => id);
    return { items: items.map(presentClick), next };
  });
  allowOnly(app, '/api/clicks', ['GET']);
}
