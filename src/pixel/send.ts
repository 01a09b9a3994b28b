import { proofLength } from '../wire/proof.ts';
import { attempt } from './attempt.ts';
import { address, partnerKey } from './options.ts';
import { readReferral } from './referral.ts';

/** Longer texts are too long for the service as well. They must not make the image's address longer than 8,000 bytes. */
export const maxFieldLength = 500;
/** The longest text of a referral: 300 characters of id, encoded. */
export const maxReferralLength = 353;

/** Hears what became of a message: the marketplace has it for good, or has refused it for good. */
type Answered = (isStored: boolean) => void;

/** Sends a message. True when the page may be left. */
export type Way = (message: string, answered?: Answered) => unknown;

/** The image that was asked for last. */
export let lastImage: HTMLImageElement;

/**
 * A message as query string: beacon, image and outbox all carry it as it is. It ends in `clock=` or `sent=`, and each
 * send adds the time: the clock where the pixel stamped the purchase itself, and always another address, since a
 * browser asks no server twice for an image of one address. The page goes without query and fragment, which may hold
 * what is nobody's business.
 */
export const encode = (fields: Record<string, string>, ending: string): string =>
  new URLSearchParams({
    page: location.origin + location.pathname,
    partnerKey,
    ...readReferral(),
    ...fields,
  }) + ending;

/**
 * Hands the message to the browser's beacon queue, whose word is but a promise; else sends it as an image. The body is a
 * form, which needs no preflight and which no page can spoil with a toJSON of its own.
 */
export const send: Way = (message, answered) =>
  attempt(() => navigator.sendBeacon(address, new URLSearchParams(message + Date.now()))) ||
  sendImage(message, answered);

/** Sends the message as an image's address. Of images, only the answer to this very message proves: see proofLength. */
export const sendImage: Way = (message, answered) =>
  attempt(() => {
    const sentMs = Date.now();
    const length = proofLength(sentMs);
    const image = new Image();
    // The origin alone raises the purchase to level `origin`, whatever the page's own policy is.
    image.referrerPolicy = 'origin';
    image.onload = () => {
      // An image that isn't in the page is as wide and high as it is by nature. One of the sides has to be 1.
      const { width, height } = image;
      const isProof = width * height == length && width + height > length;
      if (isProof) answered?.(height == 1);
    };
    lastImage = image;
    image.src = address + '.gif?' + message + sentMs;
  });
