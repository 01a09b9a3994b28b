import { attempt } from './attempt.ts';
import { address, partnerKey } from './options.ts';
import { storage } from './storage.ts';
import { warn } from './warn.ts';

/**
 * A message as query string: beacon, image and outbox all carry it as it is. It ends in `clock=` or
 * `sent=`, and each send adds the time: the clock where the pixel stamped the purchase itself, and always
 * another address, since a browser asks no server twice for an image of one address.
 */
export const encode = (fields: unknown, ending: string): string =>
  // Without query and fragment.
  new URLSearchParams({ partnerKey, page: location.origin + location.pathname }) + '&' + fields + ending;

/**
 * Hands the message to the browser's beacon queue, and is true when it was taken; else, or where only a proof
 * will do, sends it as an image's address.
 *
 * A beacon's body is a form, which needs no preflight and which no page can spoil with a toJSON of its own.
 * Of images only the marketplace's own prove anything: 3x1 that it has the purchase for good, 1x3 that it
 * refused it for good. 3 is a prime, so no other picture has 3 pixels; a service worker's or a blocker's has
 * none or more. What is stored under the key ends with the proof.
 */
export const send = (
  message: string | undefined,
  key?: string,
  forProof?: unknown,
  done?: () => void,
): unknown =>
  message &&
  ((!forProof && attempt(() => navigator.sendBeacon(address, new URLSearchParams(message + Date.now())))) ||
    attempt(() => {
      const image = new Image();
      // The origin alone raises the purchase to level `origin`, whatever the page's own policy is.
      image.referrerPolicy = 'origin';
      // An image that isn't in the page is as wide and high as it is by nature.
      image.onload = () => {
        if (image.width * image.height == 3 && key && storage[key]) {
          storage[key] = '';
          if (image.width < 2 && delete storage[key]) warn('purchase refused');
        }
        attempt(done as () => void);
      };
      image.src = address + '.gif?' + message + Date.now();
    }));
