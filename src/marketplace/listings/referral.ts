import { randomBytes } from 'node:crypto';
import type { Details } from '../ledger/tracking.ts';
import type { LedgerStore } from '../store/ledger.ts';

/** Bytes of a referral id: 128 random bits, so that none can be guessed. Base64url makes 22 characters of them. */
const referralBytes = 16;
const looksMinted = /(?<![\w-])[\w-]{22}(?![\w-])/g;

export function createReferral(): string {
  return randomBytes(referralBytes).toString('base64url');
}

/**
 * The details with the referral that a link of ours minted, where mail programs, chats or ad tools have put something
 * around it: `id/`, `id?utm_source=x`, `&amp;onramp_ref=id`. An id as it was minted costs no look into the ledger.
 */
export async function withMintedReferral(
  details: Details,
  store: Pick<LedgerStore, 'findMintedReferrals'>,
): Promise<Details> {
  const { referral, referralSource } = details;
  if (referral === undefined || referralSource === 'referrer') return details;
  const candidates = referral.match(looksMinted);
  if (!candidates || candidates[0] === referral) return details;
  const [minted, another] = await store.findMintedReferrals(candidates);
  return minted !== undefined && another === undefined ? { ...details, referral: minted } : details;
}
