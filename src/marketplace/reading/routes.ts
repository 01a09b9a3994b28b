import type { FastifyInstance } from 'fastify';
import { trackingPath } from '../../wire/paths.ts';
import { allowOnly } from '../http/errors.ts';
import { authenticateReader, type ReaderLookup } from '../operators/authenticateReader.ts';
import type { Lister } from './lister.ts';
import { lists, type Reader } from './lists.ts';

export interface ReadingRoutesOptions extends ReaderLookup {
  lister: Lister;
}

/** What providers and operators read back. */
export async function readingRoutes(
  app: FastifyInstance,
  { lister, providers, store }: ReadingRoutesOptions,
): Promise<void> {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  });
  for (const [path, list] of Object.entries(lists)) {
    app.get(path, async (request, reply) => {
      const who = await authenticateReader(request, { providers, store });
      const reader: Reader = { provider: undefined };
      if (who.kind === 'provider') {
        const { id, partnerKey } = who.provider;
        reader.provider = { id, partnerKey };
      }
      list.check(request.query, reader);
      const page = await lister.read(path, reader, request.query);
      return await reply.type('application/json; charset=utf-8').send(page);
    });
    // That one takes messages, too.
    if (path !== trackingPath) allowOnly(app, path, ['GET']);
  }
}
