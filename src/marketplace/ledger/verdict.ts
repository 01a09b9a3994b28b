import { attributionWindowMs, type TrackingEvent, type Verdict } from '../../wire/fields.ts';
import type { MergedCopies } from './tracking.ts';

/** What minted a referral of ours: what its id says, and what its click does. */
export interface Minted {
  /** For which provider. */
  providerId: number;
  /**
   * Whose link it was; empty where the provider's page has minted the referral, for a test. Undefined where the click
   * isn't there, since it was deleted or is still to come.
   */
  listing: string | undefined;
  campaign: string | undefined;
  /** Epoch milliseconds. */
  clickedAt: number;
}

/** Whether the provider's page has minted it, for a test. */
export function isForTests({ listing }: Pick<Minted, 'listing'>): boolean {
  return listing === '';
}

/** How long a referral for tests makes test rows, in milliseconds: an hour. */
export const testReferralMs = 3_600_000;

interface Judged {
  event: TrackingEvent;
  providerId: number;
  /** Of its first copy, in epoch milliseconds. */
  receivedAt: number;
  merged: Pick<MergedCopies, 'details' | 'copies'>;
  /** What minted the row's referral, if it was ours. */
  minted: Minted | undefined;
}

/**
 * Whether and by which way the row came of the marketplace; a refund has no way of its own. How long ago the visitor came
 * is by the click that minted the referral or, of a host, by what the page says. A referral for tests, which no visitor
 * came by, attributes nothing once its hour is over.
 */
export function verdictOf(row: Judged): Verdict | undefined {
  const { event, providerId, merged, minted } = row;
  if (event === 'refund') return undefined;
  const { referral, referralSource, purchasedAt, landedAt } = merged.details;
  const isLate = (since: number | undefined) =>
    purchasedAt !== undefined && since !== undefined && purchasedAt - since > attributionWindowMs;
  if (referral === undefined)
    return merged.copies.some(({ trust }) => trust !== 'server') ? 'none' : 'server';
  if (referralSource === 'referrer') return isLate(landedAt) ? 'expired' : 'host';
  if (!minted) return 'unknown';
  if (minted.providerId !== providerId) return 'foreign';
  if (isForTests(minted) && !isTestRow(row)) return 'expired';
  return isLate(minted.clickedAt) ? 'expired' : 'listing';
}

/**
 * Whether the row is a test: its first copy came within the hour of a referral that its provider's page had minted for
 * tests. What was there before stays what it is, or a sale could be uncounted afterwards. Nor can one be uncounted by
 * guessing its order beforehand: a stronger copy that comes after the hour, and says that it was bought after it, is no
 * test.
 */
export function isTestRow({
  providerId,
  receivedAt,
  merged: { details, copies },
  minted,
}: Omit<Judged, 'event'>): boolean {
  if (!minted || !isForTests(minted) || minted.providerId !== providerId) return false;
  const endsAt = minted.clickedAt + testReferralMs;
  const { purchasedAt = 0 } = details;
  const told = copies.find(({ said }) => said.includes('purchasedAt'));
  const isSoldLater = purchasedAt >= endsAt && told !== undefined && told.receivedAt >= endsAt;
  return receivedAt >= minted.clickedAt && receivedAt < endsAt && !isSoldLater;
}
