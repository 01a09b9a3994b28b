import type { Details } from '../ledger/tracking.ts';
import { looksAsOfOld } from '../store/clicks.ts';
import type { Store } from '../store/store.ts';

/**
 * The details with the referral that a link of ours minted, where mail programs, chats or ad tools have put something
 * around it: `id/`, `id?utm_source=x`, `&amp;onramp_ref=id`, `%3Fonramp_ref%3Did`. Only ids of old cost a look into the
 * ledger, and none by itself does.
 */
export async function withMintedReferral(
  details: Details,
  providerId: number,
  store: Pick<Store, 'readReferral' | 'findClicked'>,
): Promise<Details> {
  const { referral, referralSource } = details;
  if (referral === undefined || referralSource === 'referrer') return details;
  // Encoded twice, signs are octets, whose digits would look like a part of it.
  const words = referral.replace(/%[0-9a-f]{2}/gi, ' ').match(/[\w-]+/g) ?? [];
  if (words[0] === referral) return details;
  const ofOld = words.filter((word) => looksAsOfOld.test(word));
  const clicked = ofOld.length > 0 ? await store.findClicked(ofOld, providerId) : [];
  const [minted, another] = new Set([...words.filter((word) => store.readReferral(word)), ...clicked]);
  return minted !== undefined && another === undefined ? { ...details, referral: minted } : details;
}
