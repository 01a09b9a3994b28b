import type { FastifyInstance } from 'fastify';
import { notFound } from '../http/errors.ts';
import { consoleArea, portalArea } from './areas.ts';
import type { Guard } from './guard.ts';

/** Whatever else is asked for below the areas: a page that says so, to who has signed in. */
export async function unknownPageRoutes(app: FastifyInstance, { guard }: { guard: Guard }): Promise<void> {
  app.get(`/${consoleArea.path}/*`, async (request) => {
    await guard.operator(request);
    throw notFound();
  });
  app.get(`/${portalArea.path}/*`, async (request) => {
    await guard.provider(request);
    throw notFound();
  });
}
