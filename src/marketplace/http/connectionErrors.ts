import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import { type Problem, problemText, problemType } from './problem.ts';

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
