import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, gzip, type ZlibOptions } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

const compressBrotli = promisify(brotliCompress);
const compressGzip = promisify<Buffer, ZlibOptions, Buffer>(gzip);

/** A file for pages, compressed once, in the forms in which it is sent. */
export interface EncodedFile {
  /** First 12 hex digits of its SHA-256: the name of this very version. */
  version: string;
  /** By Content-Encoding. */
  encoded: Readonly<Record<Encoding, Buffer>>;
}
const encodings = ['br', 'gzip', 'identity'] as const;
type Encoding = (typeof encodings)[number];

/** Beside the thread that answers: a large file takes a third of a second. */
export async function encodeFile(source: Buffer): Promise<EncodedFile> {
  const [br, gzipped] = await Promise.all([compressBrotli(source), compressGzip(source, { level: 9 })]);
  return {
    version: createHash('sha256').update(source).digest('hex').slice(0, 12),
    encoded: { br, gzip: gzipped, identity: source },
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
  return await reply.type(type).send(file.encoded[encoding]);
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
