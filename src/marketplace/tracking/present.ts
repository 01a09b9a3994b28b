import { formatTime } from '../../wire/time.ts';
import type { ClickRow } from '../store/clicks.ts';
import type { RejectionRow } from '../store/rejections.ts';
import type { TrackingRow } from '../store/trackings.ts';

/** A row as its provider reads it: names and forms of the wire; what a row lacks is left out. */
export function presentTracking({ merged, receivedAt, ...row }: TrackingRow) {
  const { purchasedAt, ...details } = merged.details;
  return {
    ...row,
    ...(purchasedAt !== undefined && { purchasedAt: formatTime(purchasedAt) }),
    ...details,
    trust: merged.trust,
    receivedAt: formatTime(receivedAt),
    ...(merged.copies.every(({ bot }) => bot) && { bot: true }),
    copies: merged.copies.map((copy) => ({ ...copy, receivedAt: formatTime(copy.receivedAt) })),
  };
}

export function presentClick({ clickedAt, isBot, ...row }: ClickRow) {
  return { ...row, clickedAt: formatTime(clickedAt), ...(isBot && { bot: true }) };
}

/**
 * The fields that were sent, by their names on the wire, and beside them why they were refused. Like every item
 * of a list it says when it was received: of alike ones, the last. Where no provider has the partner key, it is the
 * one that was sent.
 */
export function presentRejection({ latestId: _position, payload, partnerKey, ...row }: RejectionRow) {
  const firstSeenAt = formatTime(row.firstSeenAt);
  const lastSeenAt = formatTime(row.lastSeenAt);
  const owner = partnerKey === undefined ? {} : { partnerKey };
  return { ...payload, ...owner, ...row, receivedAt: lastSeenAt, firstSeenAt, lastSeenAt };
}
