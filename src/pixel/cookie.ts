import { attempt } from './attempt.ts';
import { option, storageName, windowMs } from './options.ts';

/** The cookie's text. Undefined where there is none, or cookies are denied, as in a sandboxed frame. */
export const readCookie = (): string | undefined =>
  // No other cookie's name ends in ours, which has the partner key.
  attempt(() => document.cookie.match(storageName + '=([^;]*)')?.[1]);

/**
 * Sets the cookie for the domain of the options, or else for the widest that the browser accepts: it refuses a public
 * suffix (and `none`) without a word, so each try is read back, down to the host alone. True when the cookie is there.
 * An empty text deletes it, on every domain that it can have been set for.
 */
export const writeCookie = (text: string): boolean => {
  const domain = option('cookieDomain');
  const labels = domain ? [domain] : location.hostname.split('.');
  return [...labels, ''].some((label, index) => {
    attempt(() => {
      document.cookie =
        storageName +
        '=' +
        text +
        ';path=/;samesite=lax;max-age=' +
        (text ? windowMs / 1000 : 0) +
        // The last label, the last two, and so on; none at the end, for the host alone.
        (label && ';domain=' + labels.slice(~index).join('.')) +
        // An http page can't set a Secure cookie.
        (location.protocol == 'https:' ? ';secure' : '');
    });
    // A deleted one reads back as undefined, so the next domain follows.
    return readCookie() == text;
  });
};
