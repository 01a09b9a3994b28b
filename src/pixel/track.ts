import { attempt } from './attempt.ts';
import { held, isBlocked } from './consent.ts';
import { option, storageName } from './options.ts';
import { isKnown, keep } from './outbox.ts';
import { readReferral } from './referral.ts';
import { encode, send } from './send.ts';
import { consent } from './start.ts';
import { storage } from './storage.ts';
import type { OnrampTrack, Purchase, Receipt, Referral } from './types.ts';
import { warn } from './warn.ts';

/** See OnrampTrack. The whole is one try: nothing that a page does or gives may reach it as an error. */
export const onrampTrack = (async (
  argument?: unknown,
  given?: unknown,
): Promise<Receipt | Referral | null> => {
  let status: Receipt['status'] = 'invalid';
  let reason: string | undefined;
  try {
    // 'consent' or 'referral'; no other text is a purchase either.
    if (typeof argument == 'string') {
      if (argument == 'consent') consent(given);
      const [id, source, landedAt] = readReferral().values();
      return (id ? { id, source, landedAt: +(landedAt as string) } : null) as Referral | null;
    }
    if (isBlocked()) {
      // Read and stamped when it is released. As itself, so that its errors end here as well.
      held.push(() => onrampTrack(argument as Purchase));
      status = 'held';
    } else {
      const fields = new URLSearchParams();
      const read = (name: keyof Purchase): unknown => {
        const text =
          attempt(() => {
            const value = (argument as Record<string, unknown>)[name];
            // Texts and numbers equal an array of themselves. As text, an object or NaN would make all
            // customers the same one; of objects only a Date is a value, any frame's Date.
            return value == ([value] as unknown) ? '' + value : (value as Date).getTime();
          }) || option(name);
        // A longer one is too long for the service as well.
        if (text) fields.set(name, ('' + text).slice(0, 500));
        return text;
      };
      const wrong = (['serviceName', 'customerId'] as const).filter((name) => !read(name));
      // What makes it this purchase: up to the order's id, or where there is none up to the time given.
      let identity = (read('orderId') && '' + fields) as string;
      const purchasedAt = read('purchasedAt');
      identity = identity || '' + fields;
      (['amount', 'currency', 'sig'] as const).map(read);
      const message = encode(
        fields,
        readReferral(),
        purchasedAt ? '&sent=' : '&purchasedAt=' + Date.now() + '&clock=',
      );
      if (wrong[0]) {
        send(message);
        throw 'no valid ' + wrong;
      }
      // The hash: 43 bits of an ASCII text, such as a query string is; every step is exact as a double.
      const ending =
        '.' + [...identity].reduce((sum, character) => (sum * 257 + character.charCodeAt(0)) % 1e13, 0);
      if (isKnown(ending)) status = 'duplicate';
      else {
        const key = storageName + '.' + Date.now() + ending;
        let safe = keep(key, message);
        // An accepted beacon is only a promise, so the image asks for the proof as long as there is none.
        [1, 4, 16, 60].map((seconds) => setTimeout(() => send(storage[key], key, 1), seconds * 1e3));
        // Awaiting a thenable makes the promise with the language's own Promise, where `new Promise` would
        // take whatever the page has put in its place.
        await {
          then(done: () => void) {
            // Where neither queue nor storage took it, the image has 2 seconds.
            (safe = send(message, key, 0, done) || safe) ? done() : setTimeout(done, 2e3);
          },
        };
        status = safe || !storage[key] ? 'sent' : 'held';
      }
    }
  } catch (error) {
    reason = '' + error;
    warn(reason);
  }
  return { status, reason };
}) as OnrampTrack;
