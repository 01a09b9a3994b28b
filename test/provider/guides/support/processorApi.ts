import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { listen } from '../../support/server.ts';

/** A request to a processor's API. */
export interface ApiRequest {
  /** Method and path: `GET /v1/charges/ch_1`. */
  route: string;
  query: URLSearchParams;
  body: string;
}

/**
 * A processor's API, on loopback, as far as a guide uses it: what isn't answered is 404. Resolves to its address.
 */
export async function startProcessorApi(
  answer: (request: ApiRequest) => object | undefined,
): Promise<string> {
  const server = createServer(async (request, response) => {
    const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://api');
    const found = answer({ route: `${request.method} ${pathname}`, query, body: await text(request) });
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(found ?? { error: { message: `not there: ${request.method} ${request.url}` } }),
    );
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return await listen(server);
}
