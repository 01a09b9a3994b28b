import type { FastifyInstance } from 'fastify';
import { allowOnly } from '../http/errors.ts';
import { openApiDocument } from './document.ts';

/** Five minutes: it changes with an upgrade only. */
const cacheControl = 'public, max-age=300';

/** `/openapi.json`, which pages of any origin may read: tools that show it are such pages. */
export async function openApiRoutes(app: FastifyInstance): Promise<void> {
  const url = '/openapi.json';
  const text = JSON.stringify(openApiDocument);
  allowOnly(app, url, ['GET', 'HEAD']);
  app.get(url, { exposeHeadRoute: true }, async (_request, reply) => {
    reply.headers({
      'cache-control': cacheControl,
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
    });
    return await reply.type('application/json; charset=utf-8').send(text);
  });
}
