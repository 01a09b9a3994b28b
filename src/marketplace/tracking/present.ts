import { toComparedText } from '../../wire/text.ts';
import { formatTime } from '../../wire/time.ts';
import { asSent, detailLevels } from '../ledger/merge.ts';
import { type IdentityName, identityNames, type Spelling } from '../ledger/tracking.ts';
import { isForTests } from '../ledger/verdict.ts';
import type { ListedClick } from '../store/clicks.ts';
import type { RejectionRow } from '../store/rejections.ts';
import type { TrackingRow } from '../store/trackings.ts';

/**
 * A row as its provider reads it: names and forms of the wire; what a row lacks is left out. `levels` says of each field
 * how far it can be believed, which is not as far as the row where a weaker copy has filled it.
 */
export function presentTracking(tracking: TrackingRow) {
  const { merged, receivedAt, disputed, refunded, isTest, isByTestReferral: _, ...row } = tracking;
  const { purchasedAt, ...details } = merged.details;
  const { ignored, spelling } = asSent(merged);
  return {
    ...row,
    ...(purchasedAt !== undefined && { purchasedAt: formatTime(purchasedAt) }),
    ...details,
    ...spellingOf(row, spelling),
    ...(refunded && presentRefunded(refunded, details.currency)),
    trust: merged.trust,
    levels: levelsOf({ merged, ...row }),
    ...(disputed && { disputed }),
    ...(isTest && { test: true }),
    ...(Object.keys(ignored).length > 0 && { ignored }),
    receivedAt: formatTime(receivedAt),
    ...(merged.copies.every(({ bot }) => bot) && { bot: true }),
    copies: merged.copies.map(({ spelling: asWritten, ...copy }) => ({
      ...copy,
      ...asWritten,
      receivedAt: formatTime(copy.receivedAt),
    })),
  };
}

/** How the row's names and ids were sent. A copy may have had others: another order of a signup isn't the row's. */
function spellingOf(row: Pick<TrackingRow, IdentityName>, spelling: Spelling): Spelling {
  const own = identityNames.filter((name) => toComparedText(spelling[name] ?? '') === row[name]);
  return Object.fromEntries(own.map((name) => [name, spelling[name]]));
}

/** A total without the currency is in the row's own; money of another one can't be taken off it, and says which it is. */
function presentRefunded({ amount, currency }: { amount: string; currency: string }, own?: string) {
  return { refunded: amount, ...(currency !== own && { refundedCurrency: currency }) };
}

/** Who bought what is as sure as the row, since no weaker copy can change it; all else as sure as who said it. */
function levelsOf({ merged, ...row }: Pick<TrackingRow, 'merged' | IdentityName>) {
  const named = identityNames.filter((name) => row[name] !== undefined);
  return { ...Object.fromEntries(named.map((name) => [name, merged.trust])), ...detailLevels(merged) };
}

export function presentClick({ clickedAt, isBot, listing, ...row }: ListedClick) {
  return {
    ...row,
    // No link minted a referral for tests: the provider's page did.
    ...(isForTests({ listing }) ? { test: true } : { listing }),
    clickedAt: formatTime(clickedAt),
    ...(isBot && { bot: true }),
  };
}

/**
 * The fields that were sent, by their names on the wire, and beside them why they were refused. Like every item
 * of a list it says when it was received: of alike ones, the last. Where no provider has the partner key, it is the
 * one that was sent.
 */
export function presentRejection(rejection: RejectionRow) {
  const { latestId: _position, providerId: _number, payload, partnerKey, ...row } = rejection;
  const firstSeenAt = formatTime(row.firstSeenAt);
  const lastSeenAt = formatTime(row.lastSeenAt);
  const owner = partnerKey === undefined ? {} : { partnerKey };
  return { ...payload, ...owner, ...row, receivedAt: lastSeenAt, firstSeenAt, lastSeenAt };
}
