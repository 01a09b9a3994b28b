import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Received } from './received.ts';
import type { Network, Visit } from './visit.ts';

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
}

/** Takes what a script sends, as far as the visit's network lets it through. */
export async function answer(visit: Visit, { request, response, url }: Exchange): Promise<void> {
  const body = await buffer(request);
  const { method = 'GET', headers } = request;
  const received: Received = { method, url, headers, body };
  if (isCut(visit.network, received)) return void request.socket.destroy();
  const cors = allowAll(received);
  if (visit.network === 'unavailable') return void response.writeHead(503, cors).end();
  if (method === 'OPTIONS') {
    visit.preflights++;
    return void response.writeHead(204, cors).end();
  }
  const conversions = visit.peer.recognise(received);
  if (visit.peer.service) {
    const forwarded = await forward(visit.peer.service, received);
    const picture = Buffer.from(await forwarded.arrayBuffer());
    if (forwarded.ok) visit.arrive(conversions);
    return void response.writeHead(forwarded.status, Object.fromEntries(forwarded.headers)).end(picture);
  }
  visit.arrive(conversions);
  response.writeHead(200, { ...cors, 'content-type': 'application/json' }).end(replyTo(url));
}

/** Chromium says of each request what it is for. */
function isCut(network: Network, { headers }: Received): boolean {
  const isImage = headers['sec-fetch-dest'] === 'image';
  if (network === 'no posts') return !isImage;
  return network === 'down' || (network === 'no images' && isImage);
}

/** Any origin, with credentials and every header, for an hour: no script is held up by its collector. */
function allowAll({ headers }: Received): Record<string, string> {
  return {
    'access-control-allow-origin': `${headers.origin ?? '*'}`,
    'access-control-allow-credentials': 'true',
    'access-control-allow-methods': 'GET, POST, PUT',
    'access-control-allow-headers': `${headers['access-control-request-headers'] ?? '*'}`,
    'access-control-max-age': '3600',
    'cross-origin-resource-policy': 'cross-origin',
    'cache-control': 'no-store',
  };
}

/** The real service; it sees the browser's Origin, Referer and content type. */
function forward(service: string, { method, url, headers, body }: Received): Promise<Response> {
  const passed = Object.entries({
    origin: headers.origin,
    referer: headers.referer,
    'content-type': headers['content-type'],
  });
  return fetch(service + url.pathname + url.search, {
    method,
    headers: passed.flatMap(([name, value]) => (value ? [[name, `${value}`]] : [])) as [string, string][],
    ...(body.length && { body: new Uint8Array(body) }),
  });
}

/** What the scripts' own servers answer, where the script reads it; most don't. */
function replyTo({ pathname }: URL): string {
  // Countly takes its events for delivered by this alone.
  if (pathname === '/i') return '{"result":"Success"}';
  // PostHog compresses only if it's told that it may; compressed, it needs no preflight.
  if (pathname.startsWith('/array/')) return '{"supportedCompression":["gzip-js"]}';
  return '{"status":1}';
}
