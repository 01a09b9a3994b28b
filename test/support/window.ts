import type { OnrampTrack } from '../../src/pixel/types.ts';

declare global {
  interface Window {
    /** There as soon as a page has the stub or the tag. */
    onrampTrack: OnrampTrack;
  }
}
