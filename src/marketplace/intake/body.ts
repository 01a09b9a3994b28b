import type { Readable } from 'node:stream';
import { HttpProblem } from '../http/problem.ts';

/** The contract's limit; the longest possible message has about 12 KB. */
const maxBodyBytes = 16 * 1024;
/** A client that writes all before it reads would miss the answer if the connection closed under it. */
const maxDiscardedBytes = 4 * 1024 * 1024;

/**
 * Reads a whole request body, of at most 16 KiB. What goes beyond is read, up to 4 MiB, and thrown away.
 *
 * @throws HttpProblem 413 when it is longer, 400 when it breaks off
 */
export async function readWholeBody(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      length += chunk.length;
      if (length <= maxBodyBytes) chunks.push(chunk);
      if (length > maxDiscardedBytes) break;
    }
  } catch {
    throw new HttpProblem({ status: 400, code: 'incomplete', detail: 'The body broke off.' });
  }
  if (length <= maxBodyBytes) return Buffer.concat(chunks);
  const detail = 'The body is longer than 16 KiB. Send each purchase by itself.';
  throw new HttpProblem({ status: 413, code: 'too_large', detail }, { connection: 'close' });
}
