import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../wire/time.ts';
import { prefersCsv } from '../http/accept.ts';
import { authenticateReader, type ReaderLookup } from '../operators/authenticateReader.ts';
import { type CsvFile, type CsvRequest, openCsv } from './csv.ts';
import { checkFiguresQuery, figuresPath } from './figures.ts';
import { openFiguresCsv } from './figuresCsv.ts';
import type { Lister } from './lister.ts';
import { type List, lists, type Reader } from './lists.ts';

export interface ReadingRoutesOptions extends ReaderLookup {
  lister: Lister;
  clock: Clock;
}

type ListRequest = FastifyRequest<{ Querystring: Record<string, string> }>;

/**
 * What providers and operators read back: each list as JSON, and as CSV where the client would rather have that, or by
 * `.csv`.
 */
export async function readingRoutes(
  app: FastifyInstance,
  { lister, providers, store, clock }: ReadingRoutesOptions,
): Promise<void> {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', vary: 'accept' });
  });

  async function readerOf(request: FastifyRequest): Promise<Reader> {
    const who = await authenticateReader(request, { providers, store });
    if (who.kind === 'operator') return { provider: undefined };
    const { id, partnerKey } = who.provider;
    return { provider: { id, partnerKey } };
  }

  function answer(path: string, { check, openCsv }: Readable): void {
    async function checked(request: ListRequest): Promise<Reader> {
      const reader = await readerOf(request);
      check(request.query, reader);
      return reader;
    }

    async function sendCsv(reply: FastifyReply, request: Omit<CsvRequest, 'path'>) {
      const { name, content } = await openCsv(request);
      reply.header('content-disposition', `attachment; filename="${name}"`);
      return await reply.type('text/csv; charset=utf-8; header=present').send(content);
    }

    app.get(path, async (request: ListRequest, reply) => {
      const reader = await checked(request);
      const { query } = request;
      if (prefersCsv(request.headers.accept)) return await sendCsv(reply, { reader, query, hasMark: false });
      const page = await lister.read(path, reader, query);
      return await reply.type('application/json; charset=utf-8').send(page);
    });
    app.get(`${path}.csv`, async (request: ListRequest, reply) =>
      sendCsv(reply, { reader: await checked(request), query: request.query, hasMark: true }),
    );
  }

  for (const [path, { check }] of Object.entries(lists)) {
    answer(path, { check, openCsv: (request) => openCsv({ lister, clock }, { ...request, path }) });
  }
  answer(figuresPath, {
    check: checkFiguresQuery,
    openCsv: (request) => openFiguresCsv({ lister, clock }, request),
  });
}

/** What is answered as JSON and as CSV. */
interface Readable {
  check: List['check'];
  openCsv(request: Omit<CsvRequest, 'path'>): Promise<CsvFile>;
}
