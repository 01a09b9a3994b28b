import { type Level, type TrackingEvent, trackingFields } from '../../wire/fields.ts';
import { readQuery } from '../http/body.ts';
import { isStronger } from '../ledger/tracking.ts';
import type { ProviderLookup } from '../providers/lookup.ts';
import { isRegistered } from '../providers/origin.ts';
import { bearerToken, isLiveSecret, redact } from '../providers/secret.ts';
import type { Outcome } from '../store/database.ts';
import type { Provider } from '../store/providers.ts';
import type { Message } from './message.ts';
import { Refusal } from './refusal.ts';

/**
 * Whether the provider takes a right message of that level, now.
 *
 * @throws Refusal
 */
export function admit({ event }: Pick<Message, 'event'>, provider: Provider, trust: Level): void {
  if (provider.disabled) throw providerDisabled(trust);
  if ((event === 'renewal' || event === 'refund') && trust !== 'server') throw secretRequired(event, trust);
  // A visit counts demand, and browsers alone report it: none could ever prove more than its origin.
  if (event !== 'visit' && isStronger(provider.minimumLevel, trust))
    throw belowMinimum(provider, event, trust);
}

/** @throws Refusal for what the ledger didn't take */
export function requireStored(
  { result }: Outcome,
  { event }: Pick<Message, 'event'>,
  trust: Level,
): 'created' | 'duplicate' {
  if (result === 'conflict') throw conflict(event, trust);
  if (result === 'forgotten') throw customerForgotten(trust);
  if (result === 'outdated') throw beyondRetention(event, trust);
  return result;
}

export function invalidFields(errors: Refusal['errors'], trust: Level = 'unsigned'): Refusal {
  // Some quote what was sent, and a secret that stood there by mistake is neither answered nor kept.
  const shown = errors.map((error) => ({ ...error, detail: redact(error.detail) }));
  return new Refusal('invalid_fields', `${shown.map(({ detail }) => detail).join('; ')}.`, {
    errors: shown,
    trust,
  });
}

export function unknownPartnerKey(): Refusal {
  const detail = 'No provider has this partner key. Compare it with the one that the marketplace gave you.';
  return new Refusal('unknown_partner_key', detail);
}

function providerDisabled(trust: Level): Refusal {
  const detail = 'The marketplace takes no messages for this provider at present.';
  return new Refusal('provider_disabled', detail, { trust });
}

/** No signature names the event, so none can vouch for a renewal or a refund. */
function secretRequired(event: TrackingEvent, trust: Level): Refusal {
  const detail = `A ${event} counts only with the provider's secret: send it from your server with "Authorization: Bearer <secret>".`;
  return new Refusal('secret_required', detail, { trust });
}

function belowMinimum({ minimumLevel }: Provider, event: TrackingEvent, trust: Level): Refusal {
  const detail = `The provider demands the level ${minimumLevel} or higher; this message has the level ${trust}.`;
  const hint =
    event === 'signup' && minimumLevel === 'signed'
      ? ' A signature counts for a purchase only: report signups with the secret.'
      : '';
  return new Refusal('below_minimum_level', detail + hint, { trust });
}

function conflict(event: TrackingEvent, trust: Level): Refusal {
  const onRecord = `This ${event} is on record with another amount or currency, said by a copy that is at least as strong.`;
  const hint =
    event === 'signup'
      ? 'A customer signs up for a service once; what is paid later is a purchase.'
      : 'Another purchase needs an orderId of its own.';
  return new Refusal('conflict', `${onRecord} ${hint}`, { trust });
}

function customerForgotten(trust: Level): Refusal {
  const detail =
    'The marketplace was asked to forget this customer and keeps nothing of what arrives since. ' +
    'A customer who comes back needs another customerId.';
  return new Refusal('customer_forgotten', detail, { trust });
}

/** It may be a late copy of what was deleted, and its figures would count twice. */
function beyondRetention(event: TrackingEvent, trust: Level): Refusal {
  const detail =
    `The marketplace has deleted what it had of the time of this ${event}, ` +
    'so it can’t tell whether that was reported before';
  const errors = [{ pointer: '/purchasedAt', code: 'beyond_retention', detail }];
  return new Refusal('beyond_retention', `${detail}.`, { errors, trust });
}

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
  const fromProvidersPage = isRegistered(pageOrigin(sender) ?? '', provider.origins);
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

/**
 * The partner key that a probe asks about, or undefined where it is none. A probe asks whether messages get
 * through and how far they would be believed; nothing of it is stored. It starts with `probe=` and has no field
 * of a message, so that no message can be taken for one.
 */
export function probedKey(query: string): string | undefined {
  if (!query.startsWith('probe=')) return undefined;
  const fields = readQuery(query);
  return trackingFields.some((name) => name in fields) ? undefined : fields.probe;
}

/**
 * What the result header says to a probe: the level that a purchase of this sender would have, signature aside,
 * or why it would be refused, as far as its fields have no part in that.
 */
export async function answerProbe(
  partnerKey: string,
  sender: Sender,
  providers: ProviderLookup,
): Promise<string> {
  const provider = await providers.byPartnerKey(partnerKey);
  if (!provider) return 'probe; reason=unknown_partner_key';
  if (provider.disabled) return 'probe; reason=provider_disabled';
  try {
    const level = carrierLevel(sender, provider);
    const reason = isStronger(provider.minimumLevel, level) ? '; reason=below_minimum_level' : '';
    return `probe; level=${level}${reason}`;
  } catch (error) {
    if (error instanceof Refusal) return `probe; reason=${error.reason}`;
    throw error;
  }
}
