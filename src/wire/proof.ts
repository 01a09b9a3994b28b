/**
 * How long the marketplace's picture is, in pixels, that proves what became of a message: so wide and 1 high, it is
 * stored for good; 1 wide and so high, it is refused for good. The length names the message by the time that ends it
 * (`clock` or `sent`, epoch milliseconds; 0 where it has neither), so that a picture that a cache, a service worker or
 * a blocker answers with, or that another purchase was answered with, proves nothing. Every other picture that is
 * common is smaller than 3, or higher than 1 and wider.
 */
export function proofLength(sentMs: number): number {
  return 3 + (sentMs % 1000);
}
