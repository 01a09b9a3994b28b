import type { FastifyRequest } from 'fastify';
import { HttpProblem } from '../http/errors.ts';
import type { Provider } from '../store/providers.ts';
import type { ProviderLookup } from './lookup.ts';
import { bearerToken, isLiveSecret, keyIdOf } from './secret.ts';

/**
 * The provider whose live secret the request bears. A disabled one may still read what is its own.
 *
 * @throws HttpProblem 401
 */
export async function authenticate(
  { headers }: FastifyRequest,
  providers: ProviderLookup,
): Promise<Provider> {
  const secret = bearerToken(headers.authorization);
  const keyId = secret ? keyIdOf(secret) : undefined;
  const provider = keyId === undefined ? undefined : await providers.byKeyId(keyId);
  if (provider && secret && isLiveSecret(provider, secret)) return provider;
  const detail = secret
    ? 'The secret in the Authorization header is not a live one.'
    : 'Send the secret of your provider account: Authorization: Bearer <secret>.';
  throw new HttpProblem(
    { status: 401, code: 'unauthorized', detail },
    { 'www-authenticate': secret ? 'Bearer error="invalid_token"' : 'Bearer' },
  );
}
