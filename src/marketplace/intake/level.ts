import type { Level } from '../../wire/fields.ts';
import { bearerToken } from '../providers/bearer.ts';
import { isLiveSecret } from '../providers/secret.ts';
import type { Provider } from '../store/providers.ts';
import { Refusal } from './refusal.ts';

/** What the headers say about who sends. */
export interface Sender {
  authorization: string | undefined;
  origin: string | undefined;
  referer: string | undefined;
  /** By its User-Agent, which is kept nowhere. */
  isBot: boolean;
}

/**
 * How far the message can be believed by what carries it, signature aside.
 *
 * @throws Refusal for a wrong secret, which is never taken as none
 */
export function carrierLevel(sender: Sender, provider: Provider): Level {
  const fromProvidersPage = provider.origins.includes(pageOrigin(sender) ?? '');
  const browserLevel = fromProvidersPage ? 'origin' : 'unsigned';
  const secret = bearerToken(sender.authorization);
  if (secret === undefined) return browserLevel;
  if (isLiveSecret(provider, secret)) return 'server';
  const detail =
    secret === ''
      ? 'The Authorization header has another form. Send "Authorization: Bearer <secret>"; Basic is not taken.'
      : 'The secret in the Authorization header is not a live secret of this provider.';
  throw new Refusal('wrong_secret', detail, { trust: browserLevel });
}

/** Images carry no Origin, and under some referrer policies beacons say `Origin: null`: then the Referer tells. */
function pageOrigin({ origin, referer }: Sender): string | undefined {
  if (origin && origin !== 'null') return origin;
  return referer ? URL.parse(referer)?.origin : undefined;
}
