import { STATUS_CODES } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { FieldError } from '../store/rejections.ts';

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
