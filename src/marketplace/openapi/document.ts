import type { FastifyInstance } from 'fastify';
import { encodeFile, sendFile } from '../http/encodedFile.ts';
import packageJson from '../package.json' with { type: 'json' };
import { json, problemSchema, problems } from './answers.ts';
import { readingPaths, subscriptionPaths, trackingPaths } from './paths.ts';

/** The HTTP interface for providers, made of the schemas that check what they send. */
export const openApiDocument = {
  openapi: '3.1.1',
  info: {
    title: 'onramp marketplace',
    version: packageJson.version,
    summary: 'Purchases, visits and subscriptions that a marketplace has led to',
    description: 'Empty text and null count as absent, and unknown fields are ignored.',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  // Relative to this document, wherever the service stands.
  servers: [{ url: './' }],
  paths: {
    ...trackingPaths,
    ...subscriptionPaths,
    ...readingPaths,
    '/livez': {
      get: {
        operationId: 'isAlive',
        summary: 'Whether the process answers',
        responses: { 200: json('It does', { type: 'object' }) },
      },
    },
    '/readyz': {
      get: {
        operationId: 'isReady',
        summary: 'Whether it can store',
        responses: {
          200: json('It has just written to its disk', { type: 'object' }),
          ...problems({ 503: 'It can not, or is shutting down; `detail` says why' }),
        },
      },
    },
    '/openapi.json': {
      get: {
        operationId: 'describe',
        summary: 'This document',
        responses: { 200: json('This document', { type: 'object' }) },
      },
    },
  },
  components: {
    schemas: { Problem: problemSchema },
    securitySchemes: {
      secret: { type: 'http', scheme: 'bearer', description: 'A live secret of the provider: os_…' },
      operator: {
        type: 'http',
        scheme: 'bearer',
        description:
          "A token of the marketplace's own people: ot_…. It reads what all providers have reported.",
      },
    },
  },
};

/** Five minutes: it changes with an upgrade only. */
const cacheControl = 'public, max-age=300, stale-if-error=86400';

/** `/openapi.json`, which pages of any origin may read: tools that show it are such pages. */
export async function openApiRoutes(app: FastifyInstance): Promise<void> {
  const url = '/openapi.json';
  const file = encodeFile(Buffer.from(JSON.stringify(openApiDocument)));
  app.get(url, { exposeHeadRoute: true }, async (request, reply) => {
    reply.headers({ 'cache-control': cacheControl, 'access-control-allow-origin': '*' });
    return await sendFile(file, { type: 'application/json; charset=utf-8', request, reply });
  });
}
