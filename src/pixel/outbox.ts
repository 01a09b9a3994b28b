import { attempt } from './attempt.ts';
import { send } from './send.ts';
import { keys, leaveStorage, storage } from './storage.ts';

// Each purchase has a storage key of its own, `onramp_<partnerKey>.<epoch ms>.<hash>`, so that two tabs never
// overwrite each other. Its text is the message until the marketplace has proven that it has the purchase, and
// empty from then on: the memory that this purchase was sent.

// 24 hours and 7 days, squared and rounded up, in milliseconds.
const daySquared = 75e14;
const weekSquared = 37e16;
/** At most 20 purchases wait; as an index, the last of them. */
const lastEntry = 19;

// Squared, so that it counts either way: after a clock was set back, a key may not stay for a year.
const ageSquared = (key: string) => (Date.now() - (key.split('.')[1] as unknown as number)) ** 2;

/** Whether this browser has tracked the purchase whose key has this ending, within 24 hours. */
export const isKnown = (ending: string): unknown =>
  keys().some((key) => key.endsWith(ending) && ageSquared(key) < daySquared);

/** True when localStorage keeps the message until it is proven; else a copy stands in for it from now on. */
export const keep = (key: string, message: string): unknown =>
  attempt(() => !keys().filter((other) => storage[other])[lastEntry] && (localStorage[key] = message)) ||
  leaveStorage();

/**
 * A new chance for everything without a proof: the image asks, or a beacon goes once more where this page may
 * not get to ask again (a page that only opens hidden does). Chromium and Firefox each lose one of pagehide and
 * visibilitychange at times, so both count as the page's end. An entry of more than 7 days has had its last
 * chance, a mark stays a day.
 */
export const sendAgain = (event: Event): unknown =>
  keys().map((key) => {
    send(storage[key], key, !((event && document.hidden) || event.type == 'pagehide'));
    ageSquared(key) < (storage[key] ? weekSquared : daySquared) || delete storage[key];
  });
