import type { FastifyInstance } from 'fastify';
import { StoreUnavailableError } from '../store/store.ts';
import type { Metrics } from './metrics.ts';

/** Counts what became of messages, once they are answered. */
export function countAnswers(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', async ({ outcome }) => {
    if (outcome) metrics.countMessage(outcome);
  });
  app.addHook('onError', async (_request, _reply, error) => {
    if (error instanceof StoreUnavailableError) metrics.countUnavailable();
  });
}
