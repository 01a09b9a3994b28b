import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** A request as it arrived. */
export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What the server does with one request, its body read. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

export function answer(
  status: number,
  body: object | string,
  headers: Record<string, string> = {},
): Behaviour {
  const type = typeof body === 'string' ? 'text/html' : 'application/json';
  return (_request, response) => {
    response.writeHead(status, { 'content-type': type, ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** The connection breaks instead of an answer. */
export const reset: Behaviour = ({ socket }) => {
  socket.resetAndDestroy();
};

/** Nothing ever comes. */
export const hang: Behaviour = () => {};

/** An answer begins and never ends. */
export const hangInBody: Behaviour = (_request, response) => {
  response.writeHead(201, { 'content-type': 'application/json' });
  response.write('{"status":');
};

/** An answer that goes on for as long as anybody reads. */
export const endless: Behaviour = (_request, response) => {
  response.writeHead(201);
  const write = () => {
    while (!response.destroyed && response.write('x'.repeat(65_536)));
  };
  response.on('drain', write);
  write();
};

/** A server that behaves by turns, the last one for ever, and keeps what it received. */
export async function startServer(...behaviours: Behaviour[]) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const body = (await buffer(request)).toString();
    const { method = '', url: path = '', headers } = request;
    const behaviour = behaviours[Math.min(received.length, behaviours.length - 1)];
    received.push({ method, path, headers, body });
    behaviour?.(request, response);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { baseUrl: await listen(server), received };
}

/** Resolves to the address of a free port on loopback. */
export async function listen(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address?.port}`;
}
