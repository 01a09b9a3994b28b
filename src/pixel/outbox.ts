import { dayMs } from '../wire/fields.ts';
import { warn } from './attempt.ts';
import { allowed } from './consent.ts';
import { storageName } from './options.ts';
import { parseReferral } from './referral.ts';
import type { Way } from './send.ts';
import { ageMs, entries, readStorage, remove, store } from './storage.ts';

/** Sends the purchase if it has no proof yet. True when the page may be left: the beacon queue or the storage has it. */
export const deliver = (key: string, send: Way): unknown => {
  const message = entries[key];
  if (!message) return;
  const isStored = Object.keys(entries).filter((other) => entries[other]).length < 21 && store(key, message);
  return (
    send(message, (isProof) => {
      // What was answered before, or withdrawn, stays so.
      if (!entries[key]) return;
      if (isProof) store(key, '');
      else {
        remove(key);
        warn('purchase refused');
      }
    }) || isStored
  );
};

/**
 * A new chance for everything without a proof. What is too old has had its last one: a message after 7 days, a mark after
 * one, a referral after its window.
 */
export const sendAgain = (send: Way): void => {
  if (!allowed()) return;
  readStorage();
  Object.keys(entries).map((key) => {
    if (key != storageName) deliver(key, send);
    const isFresh = ageMs(key) < dayMs * (entries[key] ? 7 : 1);
    if (!isFresh && !parseReferral(entries[key])) remove(key);
  });
};
