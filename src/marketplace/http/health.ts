import type { FastifyInstance } from 'fastify';
import type { Store } from '../store/store.ts';
import { HttpProblem } from './problem.ts';

/** `/livez`: the process answers. `/readyz`: it can take messages; no longer while it shuts down. */
export function healthRoutes(app: FastifyInstance, { store }: { store: Store }): void {
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
  });
  // A connection that stays open for the next request would hold the shutdown up.
  app.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('connection', 'close');
  });
  app.get('/livez', async () => ({ status: 'alive' }));
  app.get('/readyz', async () => {
    if (isClosing) {
      throw new HttpProblem({ status: 503, code: 'closing', detail: 'The service is shutting down.' });
    }
    await store.ping();
    return { status: 'ready' };
  });
}
