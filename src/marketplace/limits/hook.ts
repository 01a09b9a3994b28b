import type { FastifyInstance } from 'fastify';
import type { Limits } from './limits.ts';

/**
 * Sends addresses away that ask too much. Before the body is read, but after the hooks that set headers: pages of
 * other origins may see a 429 like any answer.
 */
export function limitAddresses(app: FastifyInstance, limits: Limits): void {
  app.addHook('preParsing', async ({ ip }) => limits.admitAddress(ip));
}

/** Says once that a proxy seems to stand before the service, whose clients then are not told apart. */
export function warnOfUntrustedProxy(app: FastifyInstance): void {
  let hasWarned = false;
  app.addHook('onRequest', async ({ headers, log }) => {
    if (hasWarned || headers['x-forwarded-for'] === undefined) return;
    hasWarned = true;
    log.warn('X-Forwarded-For is not read. Behind a proxy of your own, set --trusted-proxies');
  });
}
