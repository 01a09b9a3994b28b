import type { OnrampTrack, TrackedCall } from './types.ts';

/** A call that the stub has kept: its arguments or, of newer stubs, those and what resolves their promise. */
export type EarlyCall = [ArrayLike<unknown>, (answer: unknown) => void] | [unknown, undefined?];

/** The stub, once it was called. */
export interface Stub {
  q: EarlyCall[];
}

/** The page's function: at first the stub, then the script's own with what others need of it. */
export interface Installed extends OnrampTrack {
  /** Runs for a later tag of this window. */
  run?: () => unknown;
  /** The calls that tracked, for the panel. */
  calls?: readonly TrackedCall[];
  /** Takes the calls of a page that has kept the stub in a variable. */
  q?: { push: (call: EarlyCall) => unknown };
}

/** The window of a page that has the stub or the script, or neither. */
export interface Page {
  onrampTrack?: Installed;
}

/** What TypeScript's own library lacks. */
declare global {
  interface Document {
    /** Chromium: the page is rendered ahead, and nobody sees it. */
    readonly prerendering?: boolean;
  }
  interface Navigator {
    /** https://w3c.github.io/gpc/ */
    readonly globalPrivacyControl?: boolean;
  }
}
