import { readBytes } from './readBytes.ts';

/** A longer answer isn't the service's: to a message it answers with a row or a problem, to a question with a page of rows. */
const maxAnswerBytes = { POST: 1024 * 1024, GET: 32 * 1024 * 1024 };

/** A request as each try sends it. */
export interface Message {
  method: 'POST' | 'GET';
  url: string;
  headers: Record<string, string>;
  /** JSON. */
  body?: string;
}

/** An answer that came whole. */
export interface Answer {
  status: number;
  headers: Headers;
  /** Undefined when it is longer than any answer of the service. */
  text: string | undefined;
}

/** No whole answer came in time. */
export class AttemptTimeout extends Error {}

/**
 * Sends a message once. The time counts until the last byte of the answer, and holds even for a fetch that heeds
 * no signal.
 *
 * @throws AttemptTimeout; the signal's reason when it is aborted; what fetch throws when the connection fails
 */
export async function attempt(
  fetch: typeof globalThis.fetch,
  { method, url, headers, body }: Message,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const abort = () => controller.abort(signal?.reason);
  signal?.addEventListener('abort', abort);
  const timer = setTimeout(
    () => controller.abort(new AttemptTimeout(`no whole answer within ${timeoutMs} ms`)),
    timeoutMs,
  );
  const aborted = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason));
  });
  try {
    return await Promise.race([aborted, exchange()]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }

  async function exchange(): Promise<Answer> {
    const response = await fetch(url, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      body: body ?? null,
      redirect: 'manual',
      signal: controller.signal,
    });
    const bytes = await readBytes(response.body, maxAnswerBytes[method]);
    const text = bytes && new TextDecoder().decode(bytes);
    return { status: response.status, headers: response.headers, text };
  }
}
