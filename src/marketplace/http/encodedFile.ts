import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, gzip, type ZlibOptions } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

const compressBrotli = promisify<Buffer, Buffer>(brotliCompress);
const compressGzip = promisify<Buffer, ZlibOptions, Buffer>(gzip);

/** A file for pages, compressed once, when it is first asked for, in the forms in which it is sent. */
export interface EncodedFile {
  /** First 12 hex digits of its SHA-256: the name of this very version. */
  version: string;
  source: Buffer;
  /** The same promise each time. */
  encode: (encoding: Encoding) => Promise<Buffer>;
}
const encodings = ['br', 'gzip', 'identity'] as const;
type Encoding = (typeof encodings)[number];

/** Beside the thread that answers: a large file takes a third of a second. */
const compress: Readonly<Record<Encoding, (source: Buffer) => Promise<Buffer>>> = {
  br: compressBrotli,
  gzip: (source) => compressGzip(source, { level: 9 }),
  identity: async (source) => source,
};

/** Compresses nothing yet. */
export function encodeFile(source: Buffer): EncodedFile {
  const encoded = new Map<Encoding, Promise<Buffer>>();
  return {
    version: createHash('sha256').update(source).digest('hex').slice(0, 12),
    source,
    encode(encoding) {
      const known = encoded.get(encoding) ?? compress[encoding](source);
      encoded.set(encoding, known);
      return known;
    },
  };
}

/** Sends the file in the best form that the browser takes, or 304 where it has that very form. */
export async function sendFile(
  file: EncodedFile,
  { type, request: { headers }, reply }: { type: string; request: FastifyRequest; reply: FastifyReply },
): Promise<FastifyReply> {
  const encoding = bestEncoding(headers['accept-encoding']);
  const etag = `"${file.version}-${encoding}"`;
  reply.headers({ 'x-content-type-options': 'nosniff', vary: 'Accept-Encoding', etag });
  if (isKnown(headers['if-none-match'], etag)) return await reply.code(304).send();
  if (encoding !== 'identity') reply.header('content-encoding', encoding);
  return await reply.type(type).send(await file.encode(encoding));
}

function bestEncoding(accepted = ''): Encoding {
  const codings = accepted.split(',').map((coding) => coding.trim().toLowerCase());
  const usable = codings
    .filter((coding) => !/;\s*q=0(\.0*)?$/.test(coding))
    .map((coding) => coding.split(/\s*;/)[0]);
  return encodings.find((encoding) => usable.includes(encoding)) ?? 'identity';
}

/** Proxies that compress by themselves weaken the tag, so W/ is taken as well. */
function isKnown(ifNoneMatch = '', etag: string): boolean {
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}
