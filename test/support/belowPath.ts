import { once } from 'node:events';
import { createServer, request as openRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';

/** A proxy that has the service below a path, which the service doesn't know of. */
export interface ProxiedService {
  /** Where browsers find it: with the path, without a slash behind it. */
  baseUrl: string;
  stop(): Promise<void>;
}

export async function startBelowPath(serviceUrl: string, path: string): Promise<ProxiedService> {
  const server = createServer((request, response) => {
    const { url = '/', method, headers } = request;
    if (!url.startsWith(`${path}/`)) return void response.writeHead(404).end();
    const asked = openRequest(`${serviceUrl}${url.slice(path.length)}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      // A browser that leaves the page ends what is under way.
      pipeline(answer, response).catch(() => undefined);
    });
    asked.on('error', () => response.destroy());
    request.pipe(asked);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    async stop() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}
