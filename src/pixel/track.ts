import { dayMs } from '../wire/fields.ts';
import { templateLeftover } from '../wire/text.ts';
import { attempt, warn } from './attempt.ts';
import { allowed, held, setConsent } from './consent.ts';
import { writeCookie } from './cookie.ts';
import type { Installed } from './globals.ts';
import { option, storageName, textOf } from './options.ts';
import { deliver, sendAgain } from './outbox.ts';
import { capture, readReferral } from './referral.ts';
import { encode, lastImage, maxFieldLength, send, sendImage } from './send.ts';
import { ageMs, entries, readStorage, remove } from './storage.ts';
import type { OptionName, Purchase, Receipt, TrackedCall } from './types.ts';

/** The calls of this page, for the panel. */
export const calls: TrackedCall[] = [];

/** See OnrampTrack: it never throws, and its promise never rejects. */
export const onrampTrack = (async (argument?: unknown, given?: unknown) => {
  if (argument === 'consent') {
    setConsent(given);
    if (!given) {
      // All that was stored and all that waits, proofs under way included.
      attempt(() => (lastImage.src = ''));
      readStorage();
      Object.keys(entries).map(remove);
      writeCookie('');
    }
    return proceed({});
  }
  if (argument === 'referral') {
    const live = readReferral();
    return live ? { id: live.referral, source: live.referralSource, landedAt: Number(live.landedAt) } : null;
  }
  const receipt = track(argument as Record<string, unknown>);
  calls.push([argument, receipt]);
  return receipt;
}) as Installed;

/**
 * Does what may be done by now: at a tag's start, when consent is given, and when the page is left, shown or online again,
 * which is a new chance for all that waits.
 */
export const proceed = ({ type }: { type?: string }): void => {
  if (!allowed()) return;
  attempt(capture);
  held.splice(0).map((argument) => onrampTrack(argument as undefined));
  // A beacon goes where the page may not get to hear an image's answer. Chromium and Firefox each lose one of pagehide
  // and visibilitychange at times, so both count as the page's end.
  if (!type) attempt(() => setTimeout(sendAgain, 1000, sendImage));
  else sendAgain(document.hidden === true || type == 'pagehide' ? send : sendImage);
};

/**
 * What each tag begins with. No unload listener, which would keep the page out of the back/forward cache. A prerendered
 * page is hidden until it is shown, and one in that cache until it is back: both become visible then. document.open takes
 * all listeners away, and one that is there isn't added twice.
 */
export const start = (): void => {
  proceed({});
  const event = option('track');
  if (event) void onrampTrack({ event } as Purchase);
  'online pagehide visibilitychange'.split(' ').map((type) => addEventListener(type, proceed));
};

/** Tracks what the argument says and, where it says nothing, the options. */
const track = async (argument: Record<string, unknown>): Promise<Receipt> => {
  try {
    if (typeof argument == 'string') throw 'no command';
    if (!allowed()) {
      held.push(argument);
      return { status: 'held' };
    }
    const fields: Record<string, string> = { event: 'purchase' };
    'event serviceName customerId orderId purchasedAt sig amount currency'.split(' ').map((name) => {
      // The page's getters may throw.
      const text = attempt(() => textOf(argument[name])) || option(name as OptionName);
      if (text) fields[name] = text.slice(0, maxFieldLength);
    });
    const { event, serviceName, customerId, orderId, purchasedAt } = fields;
    const message = encode(fields, purchasedAt ? '&sent=' : '&purchasedAt=' + Date.now() + '&clock=');
    // What makes it this purchase: its order, or else the time that was given. A signup is one for each customer.
    const identity = {
      event,
      serviceName,
      customerId,
      ...(event == 'purchase' && (orderId ? { orderId } : purchasedAt && { purchasedAt })),
    } as Record<string, string>;
    const wrong = Object.keys(identity).find((name) => templateLeftover.test(identity[name] as string));
    if (wrong) {
      // Once all the same, so that the provider finds it among its rejections.
      send(message);
      throw 'no ' + wrong;
    }
    // A hash of 43 bits, each step of which is exact as a double, of a text that no other purchase has.
    let hash = 0;
    for (const letter of String(new URLSearchParams(identity))) {
      hash = (hash * 127 + letter.charCodeAt(0)) % 1e13;
    }
    readStorage();
    if (Object.keys(entries).some((key) => key.endsWith('.' + hash) && ageMs(key) < dayMs))
      return { status: 'duplicate' };
    const key = storageName + '.' + Date.now() + '.' + hash;
    entries[key] = message;
    // At once, in this very call: the page may be left in the next statement.
    const isSafe = deliver(key, send);
    // An accepted beacon is only a promise, so the image asks for the proof as long as there is none.
    [1, 4, 16, 60].map((seconds) => attempt(() => setTimeout(deliver, seconds * 1000, key, sendImage)));
    // Where neither queue nor storage took it, the image has 2 seconds. Awaiting a thenable makes the promise with the
    // language's own Promise, where `new Promise` would take what the page has put in its place.
    if (!isSafe) await { then: (done: () => void) => setTimeout(done, 2000) };
    return { status: isSafe || (!entries[key] && allowed()) ? 'sent' : 'held' };
  } catch (reason) {
    warn(reason);
    return { status: 'invalid', reason: String(reason) };
  }
};
