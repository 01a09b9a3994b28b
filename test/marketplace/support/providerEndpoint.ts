import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { findFreePort } from '../../support/freePort.ts';
import { certificate } from './certificate.ts';
import type { Json } from './service.ts';

/** A call as it arrived whole. */
export interface ReceivedCall {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  json: Json;
}

/** What the endpoint does with a call; the account is made, or isn't, before. */
export type Behaviour = (response: ServerResponse, call: ReceivedCall, socket: Socket) => void;

/**
 * A provider's end, real HTTP on loopback. It makes an account of each call that its behaviour lets it make, and one
 * of each idempotency key where it is idempotent. `behave` may be set anew at any time. Where it is secure, it is so by a
 * certificate that nobody trusts.
 */
export async function startProviderEndpoint(behave: Behaviour, { port = 0, secure = false } = {}) {
  const calls: ReceivedCall[] = [];
  const state = { behave, atOnce: 0, mostAtOnce: 0 };
  const receive: RequestListener = async (request, response) => {
    state.mostAtOnce = Math.max(state.mostAtOnce, ++state.atOnce);
    response.on('close', () => state.atOnce--);
    let body = '';
    try {
      for await (const chunk of request) body += chunk;
    } catch {
      return;
    }
    const { method = '', url: path = '', headers, socket } = request;
    const call = { method, path, headers, body, json: JSON.parse(body) };
    calls.push(call);
    state.behave(response, call, socket);
  };
  const server = secure ? createSecureServer(certificate, receive) : createServer(receive);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `${secure ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}/acme-provision-account/`;

  return { url, calls, state, server };
}

/** Answers with a status, headers and a body. */
export function answer(
  status: number,
  body: object | string = {},
  headers: Record<string, string> = {},
): Behaviour {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** Behaves in each of the ways in turn, and as in the last from then on. */
export function inTurn(...ways: readonly Behaviour[]): Behaviour {
  let turn = 0;
  return (...call) => ways[Math.min(turn++, ways.length - 1)]?.(...call);
}

/** Makes an account of each call, or of each idempotency key, and answers with its number. */
export function accounts({ idempotent }: { idempotent: boolean }) {
  const made: { key: string; json: Json }[] = [];
  const make = ({ headers, json }: ReceivedCall): string => {
    const key = String(headers['idempotency-key']);
    const known = idempotent ? made.findIndex((account) => account.key === key) : -1;
    return `acme-${known >= 0 ? known + 1 : made.push({ key, json })}`;
  };
  const create: Behaviour = (response, call, socket) =>
    answer(201, { coid: make(call) })(response, call, socket);
  return { made, make, create };
}

/** A port of loopback that refuses connections, until something listens there. */
export async function refusingUrl(): Promise<{ url: string; port: number }> {
  const port = await findFreePort();
  return { url: `http://127.0.0.1:${port}/acme-provision-account/`, port };
}
