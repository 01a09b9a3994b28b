import { attempt } from './attempt.ts';
import { option } from './options.ts';

/** What this page may do: 0 nothing at all, 1 send purchases without a referral, 2 everything. */
export let allowed: number;

/** What waits until it may be done. */
export let held: (() => unknown)[];

/** Global Privacy Control forbids the referral until there is consent; a purchase is the visitor's own act. */
export const allowByDefault = (): void => {
  allowed =
    option('consent') == 'required'
      ? 0
      : 2 - (!!(navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl as unknown as number);
};

export const allowEverything = (): void => {
  allowed = 2;
};

export const allowNothing = (): void => {
  allowed = 0;
};

/**
 * True while nothing may be stored or sent: consent is missing, or the page is prerendered and nobody sees it. When
 * such a page is shown, Chromium still calls it prerendering as it says visibilitychange.
 */
export const isBlocked = (): unknown =>
  ((document as { prerendering?: boolean }).prerendering && document.hidden) || !allowed;

/** Forgets what waits, but for the one action that every page begins with. */
export const holdOnly = (action: () => unknown): void => {
  held = [action];
};

/** Does all that waits. What may still not be done holds itself again. */
export const release = (): unknown => held.splice(0).map(attempt as () => unknown);
