import type { FastifyInstance } from 'fastify';
import { allowOnly, notFound } from '../http/errors.ts';
import type { OrderFormStore } from '../store/orderForms.ts';

/** `/logos/{version}`: the logos of order pages, which load nothing from elsewhere. */
export async function logoRoutes(app: FastifyInstance, { store }: { store: OrderFormStore }): Promise<void> {
  const url = '/logos/:version';
  allowOnly(app, url, ['GET', 'HEAD']);
  app.get<{ Params: { version: string } }>(url, { exposeHeadRoute: true }, async (request, reply) => {
    const logo = await store.findLogo(request.params.version);
    if (!logo) throw notFound();
    reply.headers({
      // Opened by itself, an SVG is a document that could run scripts.
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'cache-control': 'public, max-age=31536000, immutable',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    });
    return await reply.type(logo.type).send(logo.bytes);
  });
}
