import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Peer } from '../peers/peer.ts';
import { answer } from './collector.ts';
import { freePort } from './port.ts';
import { createVisit, type Visit } from './visit.ts';

/** The shop and the collectors, on one port and told apart by their host names. */
export interface BenchServer {
  /** Another collector's host for each visit, on another site than the shop. */
  startVisit(peer: Peer): Visit;
  /** Puts a page on the visit's own shop, or on another site beside it, and returns its address. */
  page(visit: Visit, path: string, html: string, site?: 'shop' | 'elsewhere'): string;
  stop(): Promise<void>;
}

export async function startBenchServer(): Promise<BenchServer> {
  const visits = new Map<string, Visit>();
  const pages = new Map<string, string>();
  const port = await freePort();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    const visit = visits.get(url.hostname);
    if (!visit) return sendPage(response, pages.get(url.hostname + url.pathname));
    visit.stir();
    if (url.pathname === visit.peer.scriptPath) return await sendScript(response, visit);
    return await answer(visit, { request, response, url });
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await once(server.listen(port, '127.0.0.1'), 'listening');

  return {
    startVisit(peer) {
      const host = `v${visits.size + 1}.collector.localhost`;
      const visit = createVisit(peer, `http://${host}:${port}`);
      visits.set(host, visit);
      return visit;
    },
    page({ base }, path, html, site = 'shop') {
      const [number] = new URL(base).hostname.split('.');
      const host = `${number}.${site}.localhost`;
      pages.set(host + path, html);
      return `http://${host}:${port}${path}`;
    },
    async stop() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

function sendPage(response: ServerResponse, html: string | undefined): void {
  if (html === undefined) return void response.writeHead(404).end();
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    // Isolated pages have a clock of 5 µs, others one of 100 µs.
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'credentialless',
  });
  response.end(html);
}

async function sendScript(response: ServerResponse, visit: Visit): Promise<void> {
  if (visit.scriptDelayMs) await wait(visit.scriptDelayMs);
  response.writeHead(200, {
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'no-store',
    'cross-origin-resource-policy': 'cross-origin',
  });
  response.end(visit.peer.script(visit.base));
}
