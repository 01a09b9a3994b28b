import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FieldError } from '../../wire/problem.ts';
import { StoreUnavailableError } from '../store/errors.ts';
import { watchMethods } from './methods.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** What is answered where a method has no route: 405 where the address takes others, else 404. */
    nothingAt: (url: string) => HttpProblem;
  }
}

/** What an error answer says, RFC 9457. Nothing in it repeats what was sent: that might be secret. */
export interface Problem {
  status: number;
  /** Names the kind of problem for programs. */
  code: string;
  /** The standard phrase of the status when left out. */
  title?: string;
  /** What went wrong here, and what to do about it. */
  detail: string;
  errors?: readonly FieldError[];
}

/** The code of what a wrong clock would refuse for good: 503, for as long as it is wrong. */
export const wrongClock = 'wrong_clock';

/** Thrown by a handler to answer with a problem. */
export class HttpProblem extends Error {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;

  constructor(problem: Problem, headers: Readonly<Record<string, string>> = {}) {
    super(problem.detail);
    this.problem = problem;
    this.headers = headers;
  }
}

export const problemType = 'application/problem+json';

/** Answers with the problem. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const { url, id } = reply.request;
  const text = problemText(problem, { instance: url.split('?', 1)[0], requestId: id });
  // A cache before the service would keep a 404 for a while, and with it a script that comes with the next version.
  reply.header('cache-control', 'no-store');
  // As bytes, since Fastify adds a charset to other JSON, which has none (RFC 8259, section 11).
  return reply.code(problem.status).type(problemType).send(Buffer.from(text));
}

/** The problem as JSON; the requestId finds the request in the log. */
export function problemText(
  { status, code, title = STATUS_CODES[status] ?? 'Error', detail, errors = [] }: Problem,
  { instance, requestId }: { instance?: string | undefined; requestId: string },
): string {
  return JSON.stringify({
    type: `urn:onramp:problem:${code}`,
    title,
    status,
    detail,
    instance,
    ...(errors.length > 0 && { errors }),
    requestId,
  });
}

/** When to come back after a 503, in seconds. */
const retryAfterSeconds = '5';

/** Makes a problem of every error and of every unknown address. */
export function handleErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    sendProblem(reply, reportError(error, request, reply));
  });
  const findMethods = watchMethods(app);
  app.decorate('nothingAt', (url: string) => {
    const methods = findMethods(url);
    return methods.length > 0 ? methodNotAllowed(methods) : notFound();
  });
  // Before the body is read: whatever it holds, the answer is the same.
  app.addHook('onRequest', async (request) => {
    if (request.is404) throw app.nothingAt(request.url);
  });
}

function methodNotAllowed(methods: readonly string[]): HttpProblem {
  const allow = methods.join(', ');
  const detail = `This address takes ${allow}.`;
  return new HttpProblem({ status: 405, code: 'method_not_allowed', detail }, { allow });
}

export function notFound(): HttpProblem {
  return new HttpProblem({ status: 404, code: 'not_found', detail: 'There is nothing at this address.' });
}

/** For what Fastify cannot even route; its own answer would repeat the query string. */
export function answerUnreadableUrl(
  _error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const detail = isDecodable(request.url)
    ? 'The address is not valid.'
    : 'The address is not validly encoded.';
  // No hook runs for what has no route, and the requestId should find it in the log.
  request.log.info({ method: request.method, route: null, status: 400 }, 'answered');
  sendProblem(reply, { status: 400, code: 'bad_request', detail });
}

function isDecodable(url: string): boolean {
  try {
    decodeURI(url);
    return true;
  } catch {
    return false;
  }
}

/** Logs what is the service's own fault, sets the headers that go with the error and returns its problem. */
export function reportError(
  error: Error & { statusCode?: number },
  request: FastifyRequest,
  reply: FastifyReply,
): Problem {
  if (error instanceof HttpProblem) {
    reply.headers(error.headers);
    return error.problem;
  }
  if (error instanceof StoreUnavailableError) {
    request.log.error({ err: error.cause }, 'store unavailable');
    reply.header('retry-after', retryAfterSeconds);
    const detail = `The service cannot store anything at the moment: ${error.reason}. Send the same again later.`;
    return { status: 503, code: 'unavailable', detail };
  }
  const status = error.statusCode ?? 500;
  if (status < 500) return { status, code: 'bad_request', detail: error.message };
  request.log.error({ err: error }, 'unexpected error');
  const detail = 'Something is wrong with the service; the requestId finds it in its log.';
  return { status: 500, code: 'internal', detail };
}
