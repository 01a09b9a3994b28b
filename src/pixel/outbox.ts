import { dayMs } from '../wire/fields.ts';
import { attempt } from './attempt.ts';
import { storageName } from './options.ts';
import { sendBeacon, sendImage } from './send.ts';
import { keys, leaveStorage, storage } from './storage.ts';
import type { Receipt } from './types.ts';

const maxEntries = 20;

// Each purchase has a storage key of its own, `onramp_<partnerKey>.<epoch ms>.<hash>`, so that two tabs never
// overwrite each other. Its text is the message until the marketplace has proven that it has the purchase, and
// empty from then on: the memory that this purchase was sent.

// Not the difference itself: after a clock was set back, a key may not stay for a year.
const ageMs = (key: string) => Math.abs(Date.now() - (key.split('.')[1] as unknown as number));

const prove = (key: string, done?: () => void) => storage[key] && sendImage(storage[key], key, done);

/**
 * Keeps the purchase until it is proven, and sends it: by beacon, or else by image at once. An accepted beacon
 * is only a promise, so the image asks for the proof as long as there is none.
 */
export const sendPurchase = async (identity: string, message: string): Promise<Receipt['status']> => {
  // The hash: 43 bits of an ASCII text, such as a query string is; every step is exact as a double. It stands
  // here since a function of its own would cost 20 bytes.
  const ending =
    '.' + [...identity].reduce((sum, character) => (sum * 257 + character.charCodeAt(0)) % 1e13, 0);
  const key = storageName + '.' + Date.now() + ending;
  if (keys().some((other) => other.endsWith(ending) && ageMs(other) < dayMs)) return 'duplicate';
  const kept = attempt(
    () => keys().filter((other) => storage[other]).length < maxEntries && (localStorage[key] = message),
  );
  if (!kept) leaveStorage();
  storage[key] = message;
  const accepted = sendBeacon(message);
  [1, 4, 16, 60].map((seconds) => setTimeout(prove, seconds * 1e3, key));
  if (!accepted)
    // Awaiting a thenable makes the promise with the language's own Promise, where `new Promise` would take
    // whatever the page has put in its place.
    await {
      then(done: () => void) {
        // Kept, it is safe to leave; else the image has 2 seconds.
        setTimeout(done, kept ? 0 : 2e3);
        prove(key, done);
      },
    };
  return kept || accepted || !storage[key] ? 'sent' : 'held';
};

/** Asks for every proof that is missing. An entry of more than 7 days has one last image, a mark stays a day. */
export const proveAll = (): unknown =>
  keys().map((key) => {
    prove(key);
    if (ageMs(key) > (storage[key] ? 7 : 1) * dayMs) delete storage[key];
  });

/** Sends a beacon once more for everything without a proof: this page may not get to ask again. */
export const sendLast = (): unknown => keys().map((key) => storage[key] && sendBeacon(storage[key]));
