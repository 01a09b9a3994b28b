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

/** Answers with the problem; its requestId finds the request in the log. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const { status, code, title = STATUS_CODES[status] ?? 'Error', detail, errors = [] } = problem;
  return reply
    .code(status)
    .type('application/problem+json')
    .send({
      type: `urn:onramp:problem:${code}`,
      title,
      status,
      detail,
      instance: pathOf(reply.request.url),
      ...(errors.length > 0 && { errors }),
      requestId: reply.request.id,
    });
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '/';
}
