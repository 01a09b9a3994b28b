import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HttpProblem } from '../http/problem.ts';

/** The contract's limit; the longest possible message has about 12 KB. */
const maxBodyBytes = 16 * 1024;
/** A client that writes all before it reads would miss the answer if the connection closed under it. */
const maxDiscardedBytes = 4 * 1024 * 1024;

export const formType = 'application/x-www-form-urlencoded';

/**
 * Gives every handler the bytes of its body, whatever their type is said to be. Fastify answers 415 to a type that
 * it can't parse; here a type only tells a form from the rest, so it is formType or application/octet-stream.
 */
export function takeAnyContentType(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request: FastifyRequest, payload: IncomingMessage) =>
    readWholeBody(payload),
  );
  app.addHook('onRequest', async ({ raw }) => {
    const isForm = raw.headers['content-type']?.trim().toLowerCase().startsWith(formType);
    raw.headers['content-type'] = isForm ? formType : 'application/octet-stream';
  });
}

/**
 * Reads a whole request body, of at most 16 KiB. What goes beyond is read, up to 4 MiB, and thrown away.
 *
 * @throws HttpProblem 413 when it is longer, 400 when it breaks off
 */
export async function readWholeBody(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Not for await: for a body that comes in one piece, an iterator costs more than all the rest.
  const isWhole = await new Promise<boolean>((resolve) => {
    const take = (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBodyBytes) chunks.push(chunk);
      if (length <= maxDiscardedBytes) return;
      stream.off('data', take).pause();
      resolve(true);
    };
    stream.on('data', take);
    stream.on('end', () => resolve(true));
    stream.on('error', () => resolve(false));
    stream.on('close', () => resolve(false));
  });
  if (!isWhole) throw new HttpProblem({ status: 400, code: 'incomplete', detail: 'The body broke off.' });
  if (length <= maxBodyBytes) return Buffer.concat(chunks);
  const detail = 'The body is longer than 16 KiB. Send each message by itself.';
  throw new HttpProblem({ status: 413, code: 'too_large', detail }, { connection: 'close' });
}
