import { proofLength } from '../../wire/proof.ts';
import type { Fields } from '../http/fields.ts';

/*
 * The size is the answer, and src/pixel/send.ts reads it: a browser fires load for a picture whatever its status,
 * and a service worker, a cache or a blocker may put another one in its place. So it names what it answers.
 */

/** A GIF of a single transparent pixel (https://www.w3.org/Graphics/GIF/spec-gif89a.txt). */
const onePixel = Buffer.concat([
  Buffer.from('GIF89a', 'ascii'),
  // The screen, with a table of two colours.
  Buffer.from([1, 0, 1, 0, 0x80, 0, 0]),
  Buffer.from([0, 0, 0, 0xff, 0xff, 0xff]),
  // The first colour is transparent.
  Buffer.from([0x21, 0xf9, 4, 1, 0, 0, 0, 0]),
  // The image, from the screen's upper left corner.
  Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0]),
  // Its pixel in LZW codes of 3 bits, lowest first: clear (4), 0, end (5).
  Buffer.from([2, 2, 0b01_000_100, 0b1, 0]),
  Buffer.from([0x3b]),
]);

/** So wide and 1 high: on disk. */
export function storedGif(query: Fields): Buffer {
  return transparentGif(proofLength(endOf(query)), 1);
}

/** 1 wide and so high: refused for good. */
export function refusedGif(query: Fields): Buffer {
  return transparentGif(1, proofLength(endOf(query)));
}

/** A probe's answer, where a purchase would be taken. No side of it is 1, so that it proves nothing. */
export const welcomeGif = transparentGif(2, 2);
/** The same, where a purchase would be refused. */
export const unwelcomeGif = transparentGif(2, 3);

/** The time that ends the pixel's messages; 0 where there is none. */
function endOf({ sent, clock }: Fields): number {
  const time = String(sent || clock || '');
  return /^\d{1,16}$/.test(time) ? Number(time) : 0;
}

/**
 * That pixel on a screen so wide and high, which is what browsers go by; whatever it says, it has the same 43 bytes.
 */
function transparentGif(width: number, height: number): Buffer {
  const gif = Buffer.from(onePixel);
  gif.writeUInt16LE(width, 6);
  gif.writeUInt16LE(height, 8);
  return gif;
}
