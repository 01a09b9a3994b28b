import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { type Problem, problemText, problemType } from './errors.ts';

/** A client that writes all before it reads would miss the answer if the connection were cut at once. */
const lingerMs = 1_000;

/** By Node's code of the error. */
const problems: Record<string, Problem> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: 'timeout',
    detail: 'The request did not arrive whole in time.',
  },
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'headers_too_large',
    detail: 'The address and the headers are longer than 16 KiB together.',
  },
};
const notHttp: Problem = {
  status: 400,
  code: 'bad_request',
  detail: 'What arrived is not a whole HTTP request, or its method is unknown.',
};

/** Answers what never becomes a request, and logs it without anything that was in it. */
export function answerConnectionError(
  error: Error & { code?: string },
  socket: Socket,
  log: Pick<FastifyBaseLogger, 'info'>,
): void {
  // Gone, or answered before: every further piece of what cannot be read is another error.
  if (!socket.writable) return;
  const reason = error.code ?? '';
  const problem = problems[reason] ?? notHttp;
  const requestId = randomUUID();
  log.info({ requestId, status: problem.status, reason }, 'answered what is no request');
  const body = problemText(problem, { requestId });
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
      `Content-Type: ${problemType}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
  setTimeout(() => socket.destroy(), lingerMs).unref();
}

/**
 * Ends the connections on which nothing was asked yet when the service closes. Node takes them for busy, and browsers
 * open some in advance: each closing would wait for its longest.
 */
export function endUnusedConnections(app: FastifyInstance): void {
  const open = new Set<Socket>();
  let isClosing = false;

  /** In the next turn, when what has arrived is read. */
  function endIfUnused(socket: Socket): void {
    setImmediate(() => {
      if (socket.bytesRead === 0) socket.destroy();
    });
  }

  app.server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    if (isClosing) endIfUnused(socket);
  });
  app.addHook('preClose', async () => {
    isClosing = true;
    for (const socket of open) endIfUnused(socket);
  });
}

/** Thrown where an address can't be listened at; the code is the system's. */
export class ListenError extends Error {
  readonly host: string;
  readonly port: number;
  readonly code: string;

  constructor(cause: unknown, { host, port }: { host: string; port: number }) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.host = host;
    this.port = port;
    this.code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  }
}

/** @throws ListenError for what listening throws */
export async function listenAt<Result>(
  address: { host: string; port: number },
  listen: (address: { host: string; port: number }) => Promise<Result>,
): Promise<Result> {
  try {
    return await listen(address);
  } catch (error) {
    throw new ListenError(error, address);
  }
}
