import { option } from './options.ts';

/** What the page has said of consent, as `allowed` says it. It isn't remembered: each page says it again. */
let said: number | undefined;

/** The arguments of calls that wait until they may be read and sent. */
export let held: unknown[] = [];

/**
 * What may be done now: 0 nothing, 1 send purchases without a referral, 2 everything. Compared with true, since HTML can
 * put an image in the place of each property of the document.
 */
export const allowed = (): number => {
  // When a prerendered page is shown, Chromium still calls it prerendering as it says visibilitychange.
  if (document.prerendering === true && document.hidden === true) return 0;
  // Global Privacy Control forbids the referral until there is consent; a purchase is the visitor's own act.
  return said ?? (option('consent') == 'required' ? 0 : navigator.globalPrivacyControl ? 1 : 2);
};

/** Consent is given, or withdrawn: then what waits is forgotten. */
export const setConsent = (given: unknown): void => {
  if (!given) held = [];
  said = given ? 2 : 0;
};
