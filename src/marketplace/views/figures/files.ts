import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Clock } from '../../../wire/time.ts';
import { checkFiguresQuery, figuresPath } from '../../reading/figures.ts';
import { openFiguresCsv } from '../../reading/figuresCsv.ts';
import type { Lister } from '../../reading/lister.ts';
import type { Reader } from '../../reading/lists.ts';

export interface FigureFilesOptions {
  lister: Lister;
  clock: Clock;
  /** @throws SignInNeeded; HttpProblem 403 where the session may not */
  identify(request: FastifyRequest): Promise<Reader>;
}

type FilesRequest = FastifyRequest<{ Querystring: Record<string, string> }>;

/** What /api/figures answers, as files for whoever has signed in, by the same query: `<path>.csv`, `<path>.json`. */
export function serveFigureFiles(
  app: FastifyInstance,
  path: string,
  { lister, clock, identify }: FigureFilesOptions,
): void {
  app.get(`/${path}.csv`, async (request: FilesRequest, reply) => {
    const reader = await identify(request);
    const { query } = request;
    checkFiguresQuery(query, reader);
    const { name, content } = await openFiguresCsv({ lister, clock }, { reader, query, hasMark: true });
    reply.header('content-disposition', `attachment; filename="${name}"`);
    return await reply.type('text/csv; charset=utf-8; header=present').send(content);
  });
  app.get(`/${path}.json`, async (request: FilesRequest, reply) => {
    const reader = await identify(request);
    checkFiguresQuery(request.query, reader);
    const figures = await lister.read(figuresPath, reader, request.query);
    return await reply.type('application/json; charset=utf-8').send(figures);
  });
}
