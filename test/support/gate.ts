import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as openRequest,
  type Server,
  type ServerResponse,
} from 'node:http';
import { buffer } from 'node:stream/consumers';
import { trackingPath, trackingPicturePath } from '../../src/wire/paths.ts';
import { type Handling, pass } from './handlings.ts';

/** How something comes from the browser to the service; `other` is the rest, such as /go/ and the API. */
export type Way = 'beacon' | 'image' | 'script' | 'other';

/** One request and the answer that is owed to it. */
export interface Exchange {
  /** See Passage. */
  message: URLSearchParams;
  /** Hands the request to the service and resolves to its answer; rejects where the service is down. */
  ask(): Promise<Answer>;
  /** Gives the browser an answer, the service's or another. */
  answer(answer: Answer): void;
  /** Ends the connection without an answer. */
  drop(): void;
  /** Resolves when the gate is told to handle this way in another manner. */
  changed: Promise<unknown>;
}

export interface Answer {
  status: number;
  headers?: IncomingHttpHeaders;
  body?: string | Buffer;
}

/** A request that came to the gate, in the order of coming. */
export interface Passage {
  way: Way;
  /** What it says: the form of a beacon, the query of an image. */
  message: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** The status that the browser was given; undefined as long as it got none, or for good. */
  status?: number;
}

/**
 * A real proxy between the browsers and the service, so that faults are made in the same manner for every
 * engine: in the network, not in the browser.
 */
export interface Gate {
  /** Stands in the tag's src in the place of ONRAMP_BASE_URL. */
  origin: string;
  passages: Passage[];
  /** Handles what comes by these ways so from now on: for good, or the given number of times. */
  handle(ways: Way | Way[], handling: Handling, times?: number): void;
  /** Lets everything pass again, what was held back included. */
  free(): void;
  /** Refuses connections and ends the open ones, as a service that is down; until opened again. */
  close(): Promise<void>;
  open(): Promise<void>;
  stop(): Promise<void>;
}

interface Rule {
  handling: Handling;
  times: number;
  changed: PromiseWithResolvers<void>;
}

export async function startGate(serviceUrl: string, host = '127.0.0.1'): Promise<Gate> {
  const rules = new Map<Way, Rule>();
  const passages: Passage[] = [];

  const server = createServer(async (request, response) => {
    const body = await buffer(request).catch(() => undefined);
    if (!body) return;
    const passage = readPassage(request, body);
    passages.push(passage);
    const rule = rules.get(passage.way);
    const handling = rule && rule.times-- > 0 ? rule.handling : pass;
    const exchange: Exchange = {
      message: passage.message,
      ask: () => ask(serviceUrl, request, body),
      answer(answer) {
        passage.status = answer.status;
        give(response, answer);
      },
      drop: () => request.socket.destroy(),
      changed: rule?.changed.promise ?? Promise.resolve(),
    };
    // A service that is down has no answer.
    await handling(exchange).catch(exchange.drop);
  });
  const port = await listenAnywhere(server);

  const gate: Gate = {
    origin: `http://${host}:${port}`,
    passages,
    handle(ways, handling, times = Number.POSITIVE_INFINITY) {
      for (const way of [ways].flat()) {
        rules.get(way)?.changed.resolve();
        rules.set(way, { handling, times, changed: Promise.withResolvers() });
      }
    },
    free() {
      for (const { changed } of rules.values()) changed.resolve();
      rules.clear();
    },
    async close() {
      if (!server.listening) return;
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
    async open() {
      if (!server.listening) await listen(server, port);
    },
    async stop() {
      gate.free();
      await gate.close();
    },
  };
  return gate;
}

function readPassage({ url = '/', method, headers }: IncomingMessage, body: Buffer): Passage {
  const { pathname, searchParams } = new URL(url, 'http://gate');
  if (pathname === trackingPicturePath) return { way: 'image', message: searchParams, headers };
  const message = new URLSearchParams(body.toString());
  if (pathname === trackingPath && method === 'POST') return { way: 'beacon', message, headers };
  return { way: /^\/onramp.*\.js$/.test(pathname) ? 'script' : 'other', message, headers };
}

async function ask(serviceUrl: string, { url, method, headers }: IncomingMessage, body: Buffer) {
  // No connection is kept: one that the service has ended meanwhile would look like a fault.
  const request = openRequest(new URL(url ?? '/', serviceUrl), { method, headers, agent: false });
  const [answer]: IncomingMessage[] = await once(request.end(body), 'response');
  if (!answer) throw new Error('no answer');
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: await buffer(answer) };
}

/** Each answer ends its connection: a browser asks again by itself where one that it had kept breaks. */
function give(response: ServerResponse, { status, headers = {}, body = '' }: Answer): void {
  const { 'transfer-encoding': _, ...kept } = headers;
  response
    .writeHead(status, { ...kept, 'content-length': Buffer.byteLength(body), connection: 'close' })
    .end(body);
}

let lastPort = Math.floor(Math.random() * 12_000);

/**
 * Below the ports that systems hand out by themselves, so that nobody takes it while the gate is closed; and none twice,
 * since a browser that lives on may keep what it got from there.
 */
async function listenAnywhere(server: Server): Promise<number> {
  for (;;) {
    lastPort = (lastPort + 1) % 12_000;
    const port = 20_000 + lastPort;
    try {
      await listen(server, port);
      return port;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
}

async function listen(server: Server, port: number): Promise<void> {
  await once(server.listen(port, '127.0.0.1'), 'listening');
}
