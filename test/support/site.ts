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
  const posted: string[] = [];
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') {
      posted.push(await text(request));
      return response.writeHead(204).end();
    }
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    const page = pages.get(pathname);
    if (!page) return response.writeHead(404).end();
    return response
      .writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        ...page.headers,
      })
      .end(page.body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const origin = `http://${host}:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    posted,
    page(path, html, headers = {}) {
      const body = `<!doctype html><link rel="icon" href="data:,"><title>${path}</title>${html}`;
      pages.set(path, { body, headers });
      return origin + path;
    },
    script(path, source) {
      pages.set(path, { body: source, headers: { 'content-type': 'text/javascript; charset=utf-8' } });
      return origin + path;
    },
    async stop() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}
