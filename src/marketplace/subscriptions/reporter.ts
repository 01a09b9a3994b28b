import type { HttpProblem } from '../http/errors.ts';
import type { ProviderLookup } from '../providers/lookup.ts';
import { bearerToken, isLiveSecret, keyIdOf } from '../providers/secret.ts';
import type { Provider } from '../store/providers.ts';
import { refuseReport } from './refusal.ts';

/**
 * The provider that reports: whose secret the providerkey is, as in 2017, or whose partner key it is where the
 * Authorization header bears a secret. Every secret that is sent must be a live one of this provider.
 *
 * @throws HttpProblem 401 when that isn't proven, 403 when the provider is disabled
 */
export async function findReporter(
  providerkey: string,
  authorization: string | undefined,
  providers: ProviderLookup,
): Promise<Provider> {
  const keyId = keyIdOf(providerkey);
  const bearer = bearerToken(authorization);
  const provider = await (keyId === undefined
    ? providers.byPartnerKey(providerkey)
    : providers.byKeyId(keyId));
  if (!provider) {
    throw wrongSecret("providerkey is neither a provider's live secret nor its partner key.");
  }
  if (keyId !== undefined && !isLiveSecret(provider, providerkey)) {
    throw wrongSecret('The secret in providerkey is not a live one.');
  }
  if (keyId === undefined && bearer === undefined) {
    throw wrongSecret(
      'The partner key alone proves nothing, since every page shows it. Send the secret as providerkey, or as ' +
        '"Authorization: Bearer <secret>" beside the partner key.',
    );
  }
  if (bearer !== undefined && !isLiveSecret(provider, bearer)) {
    throw wrongSecret(
      bearer === ''
        ? 'The Authorization header has another form. Send "Authorization: Bearer <secret>"; Basic is not taken.'
        : 'The secret in the Authorization header is not a live secret of the provider that providerkey names.',
    );
  }
  if (provider.disabled) {
    const detail = 'The marketplace takes no reports from this provider at present.';
    throw refuseReport('provider_disabled', detail);
  }
  return provider;
}

function wrongSecret(detail: string): HttpProblem {
  return refuseReport('wrong_secret', detail, { headers: { 'www-authenticate': 'Bearer' } });
}
