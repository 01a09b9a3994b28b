import { attempt, warn } from './attempt.ts';
import type { EarlyCall, Page, Stub } from './globals.ts';
import { partnerKey, textOf, useOptions } from './options.ts';
import { expectLanding } from './referral.ts';
import { findTag, optionsOf } from './tag.ts';
import { calls, onrampTrack, start } from './track.ts';
import type { Purchase } from './types.ts';

const before = (window as Page).onrampTrack;

/** Runs for each tag of the window: a later one with the same key lends its options to the pixel that runs. */
const run = (): unknown => {
  const tag = findTag();
  if (!tag) return warn('no partnerKey');
  const options = optionsOf(tag);
  // The panel for providers comes from beside the script. An import, since Trusted Types would stop a script element.
  if (/onramp_debug/.test(location.href)) {
    import(String(new URL('onramp_debug.js', tag.src || (options('endpoint') as string)))).catch(warn);
  }
  if (partnerKey && partnerKey != textOf(options('partnerKey'))) return warn('duplicate partnerKey');
  const isLater = partnerKey;
  useOptions(options);
  expectLanding();
  if (!isLater) {
    (window as Page).onrampTrack = onrampTrack;
    onrampTrack.calls = calls;
    onrampTrack.run = run;
    onrampTrack.q = { push: answer };
    // Before anything is stored or sent: they may have withdrawn consent.
    attempt(() => (before as unknown as Stub).q.map(answer));
  }
  start();
};

/** Answers a call that the stub has kept: its arguments or, of newer stubs, those and what resolves their promise. */
const answer = (call: EarlyCall): unknown =>
  // What can't be called is no listener.
  onrampTrack(...((call[1]?.call ? call[0] : call) as [Purchase])).then(call[1]);

// An element's id makes a global of it as well, but it can't be called.
attempt((typeof before == 'function' && before.run) || run);
