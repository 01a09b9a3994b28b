import { attempt } from './attempt.ts';
import { proveAll, sendLast } from './outbox.ts';
import { captureReferral } from './referral.ts';

/**
 * What happens by itself: the referral is captured, and what waits for its proof gets its chances. No unload
 * listener, which would keep the page out of the back/forward cache. Chromium and Firefox each lose one of
 * pagehide and visibilitychange at times, so both count as the page's end.
 */
export const start = (): void => {
  attempt(captureReferral);
  proveAll();
  ['online', 'pageshow', 'pagehide', 'visibilitychange'].map((type) =>
    addEventListener(type, () => (document.hidden || type == 'pagehide' ? sendLast() : proveAll())),
  );
};
