import type { FastifyInstance } from 'fastify';
import { allowOnly } from '../http/errors.ts';
import type { ProviderLookup } from '../providers/lookup.ts';
import { authenticate } from '../reading/authenticate.ts';
import { pageOf, pageQuery, parseQuery } from '../reading/query.ts';
import type { OrderStore } from '../store/orders.ts';
import { presentOrder } from './present.ts';

export interface OrderReadingRoutesOptions {
  store: OrderStore;
  providers: ProviderLookup;
}

/** `/api/orders`: what became of the orders of a provider, for the provider. */
export async function orderReadingRoutes(
  app: FastifyInstance,
  options: OrderReadingRoutesOptions,
): Promise<void> {
  const { store, providers } = options;
  const url = '/api/orders';
  allowOnly(app, url, ['GET']);
  app.get(url, async (request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    const provider = await authenticate(request, providers);
    const { limit, cursor } = parseQuery(pageQuery, request.query);
    const query = { providerId: provider.id, before: cursor, limit: limit + 1 };
    const { items, next } = pageOf(await store.listOrders(query), limit, ({ id }) => id);
    return { items: items.map(presentOrder), next };
  });
}
