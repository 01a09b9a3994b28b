import type { Level, TrackingEvent } from '../../wire/fields.ts';
import { isStronger } from '../ledger/level.ts';
import { redactSecrets } from '../providers/secret.ts';
import type { Outcome } from '../store/ledger.ts';
import type { Provider } from '../store/providers.ts';
import type { Message } from './message.ts';
import { Refusal } from './refusal.ts';
import { redactMacs } from './signature.ts';

/**
 * Whether the provider takes a right message of that level, now.
 *
 * @throws Refusal
 */
export function admit({ event }: Pick<Message, 'event'>, provider: Provider, trust: Level): void {
  if (provider.disabled) throw providerDisabled(trust);
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
  return result;
}

export function invalidFields(errors: Refusal['errors'], trust: Level = 'unsigned'): Refusal {
  // Some quote what was sent, and a secret that stood there by mistake is neither answered nor kept.
  const shown = errors.map((error) => ({ ...error, detail: redactMacs(redactSecrets(error.detail)) }));
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
