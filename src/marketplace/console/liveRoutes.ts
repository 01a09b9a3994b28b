import { fastifySSE } from '@fastify/sse';
import type { FastifyInstance } from 'fastify';
import { HttpProblem } from '../http/errors.ts';
import type { Guard } from '../signin/guard.ts';
import type { Store } from '../store/store.ts';
import { createLive } from './live.ts';

/** Of one process: each is an open connection. */
const maxStreams = 200;
const pulseMs = 1_000;
/** Then the browser asks anew, and by then may have been signed out. */
const maxStreamMs = 15 * 60_000;

export interface LiveRoutesOptions {
  store: Pick<Store, 'readPulse'>;
  guard: Guard;
}

/** `/console/live`: an event whenever something has changed; browser/live.js then loads the page's parts anew. */
export async function liveRoutes(app: FastifyInstance, { store, guard }: LiveRoutesOptions): Promise<void> {
  const live = createLive({ readPulse: store.readPulse, everyMs: pulseMs, maxWatchers: maxStreams });
  // Called, not registered: its hooks are for the routes of this plugin, and registered they would be for its own.
  await fastifySSE(app, {});
  // Before the connections are waited for.
  app.addHook('preClose', async () => live.close());

  app.get('/console/live', { sse: 'only' }, async (request, reply) => {
    await guard.operator(request);
    const stream = reply.sse;
    const end = live.watch({
      onChange: () => void stream.send({ event: 'change', data: '' }).catch(() => undefined),
      onEnd: () => stream.close(),
    });
    if (!end) {
      const detail = 'Too many pages are live already. This one can be loaded anew.';
      throw new HttpProblem({ status: 503, code: 'too_many_streams', detail });
    }
    const expiry = setTimeout(() => stream.close(), maxStreamMs).unref();
    stream.onClose(() => {
      clearTimeout(expiry);
      end();
    });
    // Proxies that gather what they pass on would keep the news for later.
    reply.header('x-accel-buffering', 'no');
    stream.keepAlive();
    await stream.send({ event: 'ready', data: '' });
  });
}
