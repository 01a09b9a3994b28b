import Fastify, { type FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.ts';

/**
 * `/metrics`, and nothing else, for an address of its own: the service's own address is open to the world, and how
 * much a marketplace sells is nobody's business.
 */
export function createMetricsListener(metrics: Metrics): FastifyInstance {
  const app = Fastify({ forceCloseConnections: true });
  app.get('/metrics', async (_request, reply) => {
    const { type, text } = await metrics.read();
    return await reply.type(type).send(text);
  });
  return app;
}
