import type { FieldError } from '../error.ts';

/** Your id of the customer, as it is answered to the marketplace. */
export type Coid = string | number;

/** What becomes of a call, before it is written as a Response: several callers may wait for one. */
export type Outcome = { coid: Coid } | ProblemOutcome;

export interface ProblemOutcome {
  status: number;
  /** Names the kind of problem for programs. */
  code: string;
  title: string;
  detail: string;
  errors?: readonly FieldError[];
}

const headers = { 'cache-control': 'no-store' };

/** 201 with the coid, or a problem, RFC 9457. */
export function toResponse(outcome: Outcome): Response {
  if ('coid' in outcome) {
    return new Response(JSON.stringify({ coid: outcome.coid }), {
      status: 201,
      headers: { ...headers, 'content-type': 'application/json' },
    });
  }
  const { status, code, title, detail, errors = [] } = outcome;
  const problem = {
    type: `urn:onramp:problem:${code}`,
    title,
    status,
    detail,
    ...(errors.length > 0 && { errors }),
  };
  return new Response(JSON.stringify(problem), {
    status,
    headers: {
      ...headers,
      'content-type': 'application/problem+json',
      ...(status === 405 && { allow: 'POST' }),
    },
  });
}
