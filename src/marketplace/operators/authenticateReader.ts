import type { FastifyRequest } from 'fastify';
import { authenticate } from '../providers/authenticate.ts';
import type { ProviderLookup } from '../providers/lookup.ts';
import { bearerToken } from '../providers/secret.ts';
import type { OperatorStore } from '../store/operators.ts';
import type { Provider } from '../store/providers.ts';
import { hashOfKey } from './token.ts';

/** Who reads by the API: a provider what is its own, an operator everything. */
export type ApiReader = { kind: 'provider'; provider: Provider } | { kind: 'operator'; name: string };

export interface ReaderLookup {
  providers: ProviderLookup;
  store: Pick<OperatorStore, 'findOperatorByToken'>;
}

/**
 * Who it is whose secret or operator's token the request bears. An operator who was removed reads nothing from then on.
 *
 * @throws HttpProblem 401
 */
export async function authenticateReader(
  request: FastifyRequest,
  { providers, store }: ReaderLookup,
): Promise<ApiReader> {
  const token = bearerToken(request.headers.authorization);
  const operator = token?.startsWith('ot_') ? await store.findOperatorByToken(hashOfKey(token)) : undefined;
  if (operator) return { kind: 'operator', name: operator.name };
  return { kind: 'provider', provider: await authenticate(request, providers) };
}
