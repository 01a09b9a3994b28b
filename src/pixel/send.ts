import { attempt } from './attempt.ts';
import { address, partnerKey } from './options.ts';
import { storage } from './storage.ts';
import { warn } from './warn.ts';

/**
 * A message as query string: beacon, image and outbox all carry it as it is. It ends in `clock=` or
 * `sent=`, and each send adds the time: the clock where the pixel stamped the purchase itself, and always
 * another address, since a browser asks no server twice for an image of one address.
 */
export const encode = (fields: unknown, referral: unknown, ending: string): string =>
  fields +
  '&partnerKey=' +
  partnerKey +
  '&page=' +
  // Without query and fragment; a match is an array of one, which is its own text.
  encodeURIComponent(location.href.match(/[^?#]{1,300}/) as unknown as string) +
  '&' +
  referral +
  ending;

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
      // An image that isn't in the page is as wide and high as it is by nature; one that failed is neither.
      image.onerror = image.onload = () => {
        if (image.width * image.height == 3 && storage[key as string]) {
          const settle = (place: Record<string, string>) =>
            image.width > 1 ? (place[key as string] = '') : delete place[key as string];
          settle(storage);
          // Where a copy stands in for it, the next page may not find it waiting.
          attempt(() => settle(localStorage));
          if (image.width < 2) warn('purchase refused');
        }
        done && done();
      };
      image.src = address + '.gif?' + message + Date.now();
    }));
