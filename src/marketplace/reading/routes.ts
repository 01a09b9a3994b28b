import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { trackingPath } from '../../wire/paths.ts';
import type { Clock } from '../../wire/time.ts';
import { prefersCsv } from '../http/accept.ts';
import { allowOnly } from '../http/errors.ts';
import { authenticate } from '../providers/authenticate.ts';
import type { ProviderLookup } from '../providers/lookup.ts';
import { openCsv } from './csv.ts';
import type { Lister } from './lister.ts';
import { lists, type Reader } from './lists.ts';

export interface ReadingRoutesOptions {
  lister: Lister;
  providers: ProviderLookup;
  clock: Clock;
}

type ListRequest = FastifyRequest<{ Querystring: Record<string, string> }>;

/** What a provider reads back: each list as JSON, and as CSV where the client would rather have that, or by `.csv`. */
export async function readingRoutes(
  app: FastifyInstance,
  { lister, providers, clock }: ReadingRoutesOptions,
): Promise<void> {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', vary: 'accept' });
  });

  async function answerCsv(
    reply: FastifyReply,
    path: string,
    reader: Reader,
    query: Record<string, string>,
    hasMark: boolean,
  ) {
    const { name, content } = await openCsv({ lister, clock }, { path, reader, query, hasMark });
    reply.header('content-disposition', `attachment; filename="${name}"`);
    return await reply.type('text/csv; charset=utf-8; header=present').send(content);
  }

  for (const [path, list] of Object.entries(lists)) {
    async function readerOf(request: ListRequest): Promise<Reader> {
      const { id, partnerKey } = await authenticate(request, providers);
      const reader = { provider: { id, partnerKey } };
      list.check(request.query, reader);
      return reader;
    }

    app.get(path, async (request: ListRequest, reply) => {
      const reader = await readerOf(request);
      if (prefersCsv(request.headers.accept))
        return await answerCsv(reply, path, reader, request.query, false);
      const page = await lister.read(path, reader, request.query);
      return await reply.type('application/json; charset=utf-8').send(page);
    });
    app.get(`${path}.csv`, async (request: ListRequest, reply) =>
      answerCsv(reply, path, await readerOf(request), request.query, true),
    );
    allowOnly(app, `${path}.csv`, ['GET']);
    // That one takes messages, too.
    if (path !== trackingPath) allowOnly(app, path, ['GET']);
  }
}
