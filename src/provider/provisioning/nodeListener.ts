import { isObject } from '../problem.ts';
import { joinBytes } from '../readBytes.ts';
import { maxBodyBytes, type RequestHandler } from './handler.ts';

/** What is used of node:http's IncomingMessage, Express's and Fastify's raw request. */
export interface NodeRequest {
  method?: string | undefined;
  url?: string | undefined;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Whether anybody has read of it. */
  readableDidRead?: boolean;
  /** What a body parser left. */
  body?: unknown;
  on(event: 'data', listener: (chunk: Uint8Array) => void): unknown;
  on(event: 'end' | 'close', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** What is used of node:http's ServerResponse. */
export interface NodeResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body: Uint8Array): unknown;
}

/**
 * A handler as node:http and Express call it: `createServer(toNodeListener(handler))`,
 * `app.post(path, toNodeListener(handler))`. Fastify: give it `request.raw` and `reply.raw` after `reply.hijack()`.
 * The body must not have been read or parsed before (express.raw() leaves the bytes, which will do).
 */
export function toNodeListener(
  handler: RequestHandler,
): (request: NodeRequest, response: NodeResponse) => Promise<void> {
  return async (nodeRequest, nodeResponse) => {
    const request = await toRequest(nodeRequest).catch(() => undefined);
    // The connection is gone before the whole message had come: there is nobody to answer.
    if (!request) return;
    const response = await handler(request);
    nodeResponse.statusCode = response.status;
    for (const [name, value] of response.headers) nodeResponse.setHeader(name, value);
    nodeResponse.end(new Uint8Array(await response.arrayBuffer()));
  };
}

async function toRequest(nodeRequest: NodeRequest): Promise<Request> {
  const { method = 'GET', body, readableDidRead } = nodeRequest;
  const headers = new Headers();
  for (const [name, value] of Object.entries(nodeRequest.headers)) {
    if (value !== undefined) headers.set(name, String(value));
  }
  // The path tells the handler nothing; a Request has to have an address.
  const url = 'http://localhost/';
  if (method !== 'POST') return new Request(url, { method: 'GET', headers });
  if (body instanceof Uint8Array)
    return new Request(url, { method, headers, body: joinBytes([body], body.length) });
  if (readableDidRead || isParsed(body)) {
    const used = new Request(url, { method, headers, body: 'used up' });
    await used.text();
    return used;
  }
  return new Request(url, { method, headers, body: await readNodeBody(nodeRequest) });
}

/** Express 4's parsers leave an empty object where they parsed nothing. */
function isParsed(body: unknown): boolean {
  return body !== undefined && !(isObject(body) && Object.keys(body).length === 0);
}

/** Reads little more than is taken, which is enough to refuse it; rejects when the connection breaks. */
function readNodeBody(request: NodeRequest): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    const end = () => resolve(joinBytes(chunks, length));
    request.on('data', (chunk) => {
      if (length > maxBodyBytes) return;
      chunks.push(chunk);
      length += chunk.length;
      if (length > maxBodyBytes) end();
    });
    request.on('end', end);
    request.on('error', reject);
    request.on('close', () => reject(new Error('The connection was closed.')));
  });
}
