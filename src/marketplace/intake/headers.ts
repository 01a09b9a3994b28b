import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isBot } from '../http/bots.ts';
import type { Sender } from './level.ts';

const preflightAgeSeconds = 86_400;

/**
 * Pages of any origin may send and see what became of it; no page is given a reason to send credentials or
 * a secret, so neither is allowed.
 */
export function allowAllOrigins(app: FastifyInstance, preflighted: string): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'X-Tracking-Result, Retry-After',
      // A page that looks into its own beacon sees whether an answer came, which sendBeacon doesn't tell.
      'timing-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
  });
  app.options(preflighted, async (_request, reply) => {
    reply.headers({
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'content-type',
      'access-control-max-age': preflightAgeSeconds,
    });
    return await reply.code(204).send();
  });
}

export function senderOf({ headers }: FastifyRequest): Sender {
  const { authorization, origin, referer } = headers;
  return { authorization, origin, referer, isBot: isBot(headers['user-agent']) };
}
