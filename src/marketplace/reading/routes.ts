import type { FastifyInstance } from 'fastify';
import { trackingPath } from '../../wire/paths.ts';
import { allowOnly } from '../http/errors.ts';
import { authenticate } from '../providers/authenticate.ts';
import type { ProviderLookup } from '../providers/lookup.ts';
import type { Lister } from './lister.ts';
import { lists } from './lists.ts';

export interface ReadingRoutesOptions {
  lister: Lister;
  providers: ProviderLookup;
}

/** What a provider reads back. */
export async function readingRoutes(
  app: FastifyInstance,
  { lister, providers }: ReadingRoutesOptions,
): Promise<void> {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  });
  for (const [path, list] of Object.entries(lists)) {
    app.get(path, async (request, reply) => {
      const { id, partnerKey } = await authenticate(request, providers);
      const reader = { provider: { id, partnerKey } };
      list.check(request.query, reader);
      const page = await lister.read(path, reader, request.query);
      return await reply.type('application/json; charset=utf-8').send(page);
    });
    // That one takes messages, too.
    if (path !== trackingPath) allowOnly(app, path, ['GET']);
  }
}
