import type { FastifyInstance } from 'fastify';
import type { Limits } from './limits.ts';

/**
 * Sends addresses away that ask too much. Before the body is read, but after the hooks that set headers: pages of
 * other origins may see a 429 like any answer.
 */
export function limitAddresses(app: FastifyInstance, limits: Limits): void {
  app.addHook('preParsing', async ({ ip }) => limits.admitAddress(ip));
}
