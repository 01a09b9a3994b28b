import type { FastifyInstance } from 'fastify';
import { encodeFile, sendFile } from './http/encodedFile.ts';
import { notFound } from './http/errors.ts';
import { assets, assetsVersion } from './pages/assets.ts';

/** A year: another version has another address. */
const cacheVersioned = 'public, max-age=31536000, immutable';

/** `/assets/{version}/{name}`: the style sheet and the modules of pages. */
export async function assetRoutes(app: FastifyInstance): Promise<void> {
  const url = '/assets/:version/*';
  const files = new Map(
    [...assets].map(([name, { type, bytes }]) => [name, { type, file: encodeFile(bytes) }]),
  );
  app.route<{ Params: { version: string; '*': string } }>({
    method: ['GET', 'HEAD'],
    url,
    handler: async (request, reply) => {
      const { version, '*': name } = request.params;
      const asset = files.get(name);
      if (!asset) throw notFound();
      // While a new version is rolled out, a page of one instance may ask another; that answer must not stay.
      reply.header('cache-control', version === assetsVersion ? cacheVersioned : 'no-cache');
      reply.header('cross-origin-resource-policy', 'same-origin');
      return await sendFile(asset.file, { type: asset.type, request, reply });
    },
  });
}
