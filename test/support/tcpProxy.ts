import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** What becomes of bytes on their way; `cut` resets their connection at both ends. */
export type Handling = (bytes: Buffer, cut: () => void) => Buffer;

/** The network between a client and a server, on loopback, with its faults. */
export interface TcpProxy {
  /** The server's address by way of the proxy. */
  url: string;
  toServer: Handling;
  toClient: Handling;
  /** New connections lead to that server; all that there are get cut. */
  leadTo(url: string): void;
  /** Resets all connections at both ends. */
  cut(): void;
  /** While it is silent connections are taken, but nothing comes through, nor that an end has closed. */
  silent: boolean;
  close(): void;
}

export const passOn: Handling = (bytes) => bytes;

/** @param at where it listens, instead of a free port */
export async function startTcpProxy(
  targetUrl: string,
  at = { host: '127.0.0.1', port: 0 },
): Promise<TcpProxy> {
  let target = new URL(targetUrl);
  const cuts = new Set<() => void>();
  // Half open: whoever ends a connection in silence hears nothing of the other end.
  const listener = createServer({ allowHalfOpen: true }, (client) => {
    const server = connect({ host: target.hostname, port: Number(target.port), allowHalfOpen: true });
    const cut = () => {
      client.resetAndDestroy();
      server.resetAndDestroy();
      cuts.delete(cut);
    };
    cuts.add(cut);
    client.on('data', (bytes) => {
      if (!proxy.silent) server.write(proxy.toServer(bytes, cut));
    });
    server.on('data', (bytes) => {
      if (!proxy.silent) client.write(proxy.toClient(bytes, cut));
    });
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      socket.on('error', () => undefined);
      // After what is still on its way.
      socket.on('end', () => {
        if (!proxy.silent) other.end();
      });
      socket.on('close', () => {
        if (!proxy.silent) cut();
      });
    }
  }).listen(at);
  await once(listener, 'listening');
  const url = new URL(targetUrl);
  url.hostname = at.host;
  url.port = String((listener.address() as AddressInfo).port);

  const proxy: TcpProxy = {
    url: url.href,
    toServer: passOn,
    toClient: passOn,
    leadTo(newUrl) {
      target = new URL(newUrl);
      proxy.cut();
    },
    cut() {
      for (const cut of cuts) cut();
    },
    silent: false,
    close() {
      listener.close();
      proxy.cut();
    },
  };
  return proxy;
}
