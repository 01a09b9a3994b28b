/*
 * The size is the answer, and src/pixel/send.ts reads it: a browser fires load for a picture whatever its status,
 * and a service worker or a blocker may put one of its own in its place. 3 is a prime, so that no other picture
 * has three pixels.
 */

/** 3 x 1: on disk. */
export const storedGif = transparentGif(3, 1, threePixels());
/** 1 x 3: refused for good. */
export const refusedGif = transparentGif(1, 3, threePixels());
/** 2 x 2: a probe's answer, which proves nothing; a purchase from there would be taken. */
export const welcomeGif = transparentGif(2, 2, fourPixels());
/** 1 x 4: the same, where it would be refused. */
export const unwelcomeGif = transparentGif(1, 4, fourPixels());

/** LZW codes of 3 bits, lowest first: clear (4), 0, 0, 0, end (5). */
function threePixels(): number[] {
  return [0b00_000_100, 0b0_101_000_0];
}

/** Clear (4), 0, 6 (two times 0, by what the decoder has learnt), 0, and from there 4 bits: end (5). */
function fourPixels(): number[] {
  return [0b10_000_100, 0b0101_000_1];
}

/** The smallest GIF of transparent pixels (https://www.w3.org/Graphics/GIF/spec-gif89a.txt). */
function transparentGif(width: number, height: number, codes: number[]): Buffer {
  const header = Buffer.from('GIF89a', 'ascii');
  const screen = [width, 0, height, 0, 0x80, 0, 0];
  const twoColours = [0, 0, 0, 0xff, 0xff, 0xff];
  const firstColourIsTransparent = [0x21, 0xf9, 4, 1, 0, 0, 0, 0];
  const image = [0x2c, 0, 0, 0, 0, width, 0, height, 0, 0];
  const pixels = [2, codes.length, ...codes, 0];
  const trailer = [0x3b];
  return Buffer.concat([
    header,
    Buffer.from([...screen, ...twoColours, ...firstColourIsTransparent, ...image, ...pixels, ...trailer]),
  ]);
}
