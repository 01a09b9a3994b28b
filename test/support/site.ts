import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A web site whose pages are given by the test. */
export interface Site {
  origin: string;
  /** Puts a page at the path and returns its address. */
  page(path: string, html: string, headers?: Record<string, string>): string;
  /** Puts a script at the path and returns its address. */
  script(path: string, source: string): string;
  /** Puts a piece of a page at the path, for a library to swap it in. */
  fragment(path: string, html: string): string;
  /** The paths and queries that browsers have asked for. */
  requested: string[];
  /** What pages have posted to their own site. */
  posted: string[];
  stop(): Promise<void>;
}

/**
 * Starts a site on a free port of the host name, which has to be localhost or end in .localhost, or to be one
 * that the tests' browser looks up here (playwright.config.ts).
 */
export async function startSite(host: string): Promise<Site> {
  const pages = new Map<string, { body: string; headers: Record<string, string> }>();
  const requested: string[] = [];
  const posted: string[] = [];
  const server = createServer(async (request, response) => {
    requested.push(request.url ?? '/');
    if (request.method === 'POST') {
      posted.push(await text(request));
      return response.writeHead(204).end();
    }
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    const page = pages.get(pathname);
    if (!page) return response.writeHead(404).end();
    return response
      .writeHead(200, {
        'cache-control': 'no-store',
        ...page.headers,
      })
      .end(page.body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const origin = `http://${host}:${(server.address() as AddressInfo).port}`;
  function put(path: string, body: string, type: string, headers: Record<string, string> = {}): string {
    pages.set(path, { body, headers: { 'content-type': `${type}; charset=utf-8`, ...headers } });
    return origin + path;
  }
  return {
    origin,
    requested,
    posted,
    page(path, html, headers = {}) {
      const body = `<!doctype html><link rel="icon" href="data:,"><title>${path}</title>${html}`;
      return put(path, body, 'text/html', headers);
    },
    script: (path, source) => put(path, source, 'text/javascript'),
    fragment: (path, html) => put(path, html, 'text/html'),
    async stop() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}
