import { attempt } from './attempt.ts';
import { address, option } from './options.ts';
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
  option('partnerKey') +
  '&page=' +
  // Without query and fragment; a match is an array of one, which is its own text.
  encodeURIComponent(location.href.match(/[^?#]{1,300}/) as unknown as string) +
  '&' +
  referral +
  ending;

/**
 * Hands the message to the browser's beacon queue; true when it was taken. As URLSearchParams it is a
 * form, which needs no preflight and which no page can spoil with a toJSON of its own.
 */
export const sendBeacon = (message: string): boolean | undefined =>
  attempt(() => navigator.sendBeacon(address, new URLSearchParams(message + Date.now())));

/**
 * Sends the message as an image's address. Only the marketplace's own pictures prove anything: 3x1 that
 * it has the purchase for good, 1x3 that it refused it for good. 3 is a prime, so no other picture has 3
 * pixels; a service worker's or a blocker's has none or more. What is stored under the key ends with the
 * proof.
 */
export const sendImage = (message: string, key?: string, done?: () => void): void => {
  const image = new Image();
  // The origin alone raises the purchase to level `origin`, whatever the page's own policy is.
  image.referrerPolicy = 'origin';
  image.onerror = done as () => void;
  image.onload = () => {
    if (image.naturalWidth * image.naturalHeight == 3 && storage[key as string]) {
      if (image.naturalWidth > 1) storage[key as string] = '';
      else {
        delete storage[key as string];
        warn('purchase refused');
      }
    }
    if (done) done();
  };
  image.src = address + '.gif?' + message + Date.now();
};

/** Sends a message that isn't worth an outbox: a visit, or a purchase that the service will refuse. */
export const sendOnce = (message: string): unknown => sendBeacon(message) || sendImage(message);
