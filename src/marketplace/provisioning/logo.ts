import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { notFound } from '../http/errors.ts';
import type { Logo, OrderFormStore } from '../store/orderForms.ts';

export const maxLogoBytes = 256 * 1024;

const pngSignature = Buffer.from('89504e470d0a1a0a', 'hex');
/** What may stand before the element, and ends with its own sign: a declaration, comments, a document type. */
const prologue: readonly [start: RegExp, end: string][] = [
  [/^<\?xml/, '?>'],
  [/^<!--/, '-->'],
  [/^<!DOCTYPE[^>[]*>/i, '>'],
];

/** The logo that the bytes are, by what is in them; undefined when they are no PNG, SVG or WebP. */
export function readLogo(bytes: Buffer): Logo | undefined {
  const type = typeOf(bytes);
  if (!type) return undefined;
  return { version: createHash('sha256').update(bytes).digest('hex').slice(0, 32), type, bytes };
}

function typeOf(bytes: Buffer): string | undefined {
  if (bytes.subarray(0, 8).equals(pngSignature)) return 'image/png';
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP')
    return 'image/webp';
  return isSvg(bytes.toString()) ? 'image/svg+xml' : undefined;
}

/** Step by step: one expression for all of it tries each way to split many comments, in a time without end. */
function isSvg(text: string): boolean {
  let rest = text.replace(/^\uFEFF/, '').trimStart();
  for (;;) {
    const part = prologue.find(([start]) => start.test(rest));
    if (!part) return /^<svg[\s>]/i.test(rest);
    const [, end] = part;
    const at = rest.indexOf(end);
    if (at < 0) return false;
    rest = rest.slice(at + end.length).trimStart();
  }
}

/** `/logos/{version}`: the logos of order pages, which load nothing from elsewhere. */
export async function logoRoutes(app: FastifyInstance, { store }: { store: OrderFormStore }): Promise<void> {
  const url = '/logos/:version';
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
