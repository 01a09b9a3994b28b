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
      return (id ? { source, id, landedAt: +(landedAt as string) } : null) as Referral | null;
    }
    if (isBlocked()) {
      // Read and stamped when it is released. As itself, so that its errors end here as well.
      held.push(() => onrampTrack(argument as Purchase));
      status = 'held';
    } else {
      const fields = readReferral();
      const [serviceName, customerId, orderId, purchasedAt] = (
        ['serviceName', 'customerId', 'orderId', 'purchasedAt', 'sig', 'currency', 'amount'] as const
      ).map((name) => {
        const text =
          attempt(() => {
            const value = (argument as Record<string, unknown>)[name];
            // Texts and numbers equal an array of themselves. As text, an object or NaN would make all
            // customers the same one; of objects only a Date is a value, any frame's Date.
            return value == ([value] as unknown) ? '' + value : value && (value as Date).getTime();
          }) || option(name);
        // A longer one is too long for the service as well.
        if (text) fields.set(name, ('' + text).slice(0, 500));
        return text;
      });
      const message = encode(fields, purchasedAt ? '&sent=' : '&purchasedAt=' + Date.now() + '&clock=');
      if (!serviceName || !customerId) {
        send(message);
        throw 'no' + (serviceName ? '' : ' serviceName') + (customerId ? '' : ' customerId');
      }
      // What makes it this purchase, as a hash of 43 bits; every step is exact as a double.
      const ending =
        '.' +
        [...('' + [serviceName, customerId, orderId || purchasedAt])].reduce(
          (sum, character) => (sum * 257 + character.charCodeAt(0)) % 1e13,
          0,
        );
      if (isKnown(ending)) status = 'duplicate';
      else {
        const key = storageName + '.' + Date.now() + ending;
        const kept = keep(key, message);
        storage[key] = message;
        // At once, in this very call: the page may be left in the next statement.
        const safe = send(message, key) || kept;
        // An accepted beacon is only a promise, so the image asks for the proof as long as there is none.
        [1, 4, 16, 60].map((seconds) => setTimeout(() => send(storage[key], key, 1), seconds * 1e3));
        // Where neither queue nor storage took it, the image has 2 seconds. Awaiting a thenable makes the promise
        // with the language's own Promise, where `new Promise` would take what the page has put in its place.
        status =
          safe ||
          (await {
            then(done: () => void) {
              send(message, key, 1, done);
              setTimeout(done, 2e3);
            },
          },
          !storage[key])
            ? 'sent'
            : 'held';
      }
    }
  } catch (error) {
    reason = '' + error;
    warn(reason);
  }
  return { reason, status };
}) as OnrampTrack;
