import { trackingFields } from '../../wire/fields.ts';
import { isStronger } from '../ledger/level.ts';
import type { ProviderLookup } from '../providers/lookup.ts';
import { readQuery } from './content.ts';
import { carrierLevel, type Sender } from './level.ts';
import { Refusal } from './refusal.ts';

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
