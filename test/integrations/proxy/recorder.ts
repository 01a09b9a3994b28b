import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What came through a proxy. */
export interface Recorded {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
}

export interface Recorder {
  baseUrl: string;
  /** What has come by, oldest first. */
  recorded: Recorded[];
  stop(): void;
}

/** Stands between a proxy and the service. */
export async function startRecorder(baseUrl: string): Promise<Recorder> {
  const recorded: Recorded[] = [];
  const server = createServer((incoming, answer) => {
    const { url = '', method = '', headers } = incoming;
    recorded.push({ method, url, headers });
    const outgoing = request(new URL(url, baseUrl), { method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    outgoing.on('error', () => answer.destroy());
    incoming.pipe(outgoing);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    recorded,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
