import type { FastifyInstance } from 'fastify';
import { allowOnly } from '../http/errors.ts';
import type { ProviderLookup } from '../providers/lookup.ts';
import { authenticate } from '../reading/authenticate.ts';
import { pageOf, parseQuery, reportsQuery, subscriptionsQuery } from '../reading/query.ts';
import type { SubscriptionStore } from '../store/subscriptions.ts';
import { presentReport, presentSubscription } from './present.ts';

export interface SubscriptionReadingOptions {
  store: SubscriptionStore;
  providers: ProviderLookup;
}

/** What a provider reads back of its customers' subscriptions: its own only, newest first. */
export async function subscriptionReadingRoutes(
  app: FastifyInstance,
  { store, providers }: SubscriptionReadingOptions,
): Promise<void> {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  });

  app.get('/api/subscriptions', async (request) => {
    const { id: providerId } = await authenticate(request, providers);
    const { limit, cursor, ...filters } = parseQuery(subscriptionsQuery, request.query);
    const rows = await store.listSubscriptions({ ...filters, providerId, before: cursor, limit: limit + 1 });
    const { items, next } = pageOf(rows, limit, ({ id }) => id);
    return { items: items.map(presentSubscription), next };
  });
  allowOnly(app, '/api/subscriptions', ['GET']);

  app.get('/api/subscriptions/reports', async (request) => {
    const { id: providerId } = await authenticate(request, providers);
    const { limit, cursor, ...filters } = parseQuery(reportsQuery, request.query);
    const rows = await store.listReports({ ...filters, providerId, before: cursor, limit: limit + 1 });
    const { items, next } = pageOf(rows, limit, ({ id }) => id);
    return { items: items.map(presentReport), next };
  });
  allowOnly(app, '/api/subscriptions/reports', ['GET']);
}
