import { attempt } from './attempt.ts';
import { allowByDefault, allowEverything, allowNothing, holdOnly, isBlocked, release } from './consent.ts';
import { writeCookie } from './cookie.ts';
import { storageName } from './options.ts';
import { sendAgain } from './outbox.ts';
import { captureReferral } from './referral.ts';
import { keys, storage, useStorage } from './storage.ts';

const begin = (): void => {
  useStorage();
  holdOnly(captureReferral);
};

/** Does what waits for consent or for the page to be shown, and asks for what has no proof. */
const proceed = (event: Event): unknown => isBlocked() || (release(), sendAgain(event));

/** Stands for the event where there was none. */
const noEvent = 0 as unknown as Event;

/**
 * What happens by itself: the referral is captured, and what waits gets its chances. No unload listener, which
 * would keep the page out of the back/forward cache. A prerendered page is hidden until it is shown, and one in
 * that cache until it is back: both become visible then.
 */
export const start = (): void => {
  begin();
  allowByDefault();
  proceed(noEvent);
  ['pagehide', 'visibilitychange', 'online'].map((type) => addEventListener(type, proceed));
};

/** Releases what waits for consent, or deletes all that was stored and all that waits, proofs included. */
export const consent = (given: unknown): unknown =>
  given
    ? (allowEverything(), proceed(noEvent))
    : (allowNothing(),
      begin(),
      [storageName, ...keys()].map((key) => delete storage[key]),
      attempt(writeCookie, ''));
