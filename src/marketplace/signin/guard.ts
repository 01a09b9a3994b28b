import type { FastifyRequest } from 'fastify';
import { HttpProblem } from '../http/errors.ts';
import type { Capability } from '../store/schema.ts';
import type { OperatorReader, ProviderReader } from './reader.ts';
import type { Sessions } from './sessions.ts';

/** What a route of a page asks before all else. */
export interface Guard {
  /** @throws SignInNeeded, which is answered with the page to sign in */
  operator(request: FastifyRequest): Promise<OperatorReader>;
  /**
   * @param capability what the session has to be allowed; to view, where it is left out
   * @throws SignInNeeded; HttpProblem 403 where the session may not
   */
  provider(request: FastifyRequest, capability?: Capability): Promise<ProviderReader>;
}

/** Nobody has signed in, or not for long enough. */
export class SignInNeeded extends HttpProblem {
  constructor() {
    super({ status: 401, code: 'sign_in', detail: 'Sign in to see this page.' });
  }
}

export function createGuard(sessions: Sessions): Guard {
  return {
    async operator(request) {
      const reader = await sessions.findOperator(request);
      if (!reader) throw new SignInNeeded();
      request.reader = reader;
      return reader;
    },

    async provider(request, capability = 'view') {
      const reader = await sessions.findProvider(request);
      if (!reader) throw new SignInNeeded();
      request.reader = reader;
      if (reader.can.includes(capability)) return reader;
      const detail = `The link that you signed in by does not allow that (${capability}). Ask the marketplace for another one.`;
      throw new HttpProblem({ status: 403, code: 'not_allowed', detail });
    },
  };
}
