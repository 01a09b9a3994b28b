import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

export type Handler = (request: Request) => Response | Promise<Response>;

export interface Site {
  origin: string;
  port: number;
  serve(handle: Handler): void;
  close(): Promise<void>;
}

/** A browser may look for localhost at either address, and other machines must reach neither. */
const addresses = { localhost: ['127.0.0.1', '::1'], '127.0.0.1': ['127.0.0.1'] };

/**
 * Listens on loopback only, on a free port when the wanted one is taken. The handler comes later, since it
 * needs to know the origins of the other sites.
 */
export async function openSite(host: keyof typeof addresses, wantedPort: number): Promise<Site> {
  const servers: Server[] = [];
  let port = wantedPort;
  try {
    for (const address of addresses[host]) {
      const server = await listen(address, port);
      if (!server) continue;
      servers.push(server);
      port = portOf(server);
    }
  } catch (error) {
    await Promise.all(servers.map(close));
    if (wantedPort !== 0 && isPortRefused(error)) return openSite(host, 0);
    throw error;
  }
  const origin = `http://${host}:${port}`;
  return {
    origin,
    port,
    serve: (handle) => {
      for (const server of servers) {
        server.on('request', (incoming, outgoing) => {
          answer(handle, origin, incoming, outgoing).catch((error: unknown) => {
            console.error(error);
            if (!outgoing.headersSent) outgoing.writeHead(500);
            outgoing.end();
          });
        });
      }
    },
    close: async () => {
      await Promise.all(servers.map(close));
    },
  };
}

/** Undefined where the machine doesn't have the address, as without IPv6. */
function listen(address: string, port: number): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') resolve(undefined);
      else reject(error);
    });
    server.listen(port, address, () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('The server has no port');
  return address.port;
}

function isPortRefused(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')
  );
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function answer(handle: Handler, origin: string, incoming: IncomingMessage, outgoing: ServerResponse) {
  const response = await handle(await toRequest(origin, incoming));
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}

async function toRequest(origin: string, incoming: IncomingMessage): Promise<Request> {
  const headers = new Headers();
  for (const name of ['host', 'origin', 'content-type'] as const) {
    const value = incoming.headers[name];
    if (value) headers.set(name, value);
  }
  const url = origin + (incoming.url ?? '/');
  if (incoming.method !== 'POST') return new Request(url, { headers });
  return new Request(url, { method: 'POST', headers, body: await text(incoming) });
}
