import type { FastifyInstance } from 'fastify';
import { consoleArea, portalArea } from './areas.ts';
import type { Guard } from './guard.ts';

/** Whatever else is asked for below the areas, also what only takes a form: a page that says so, to who has signed in. */
export async function unknownPageRoutes(app: FastifyInstance, { guard }: { guard: Guard }): Promise<void> {
  app.get(`/${consoleArea.path}/*`, async (request) => {
    await guard.operator(request);
    throw app.nothingAt(request.url);
  });
  app.get(`/${portalArea.path}/*`, async (request) => {
    await guard.provider(request);
    throw app.nothingAt(request.url);
  });
}
