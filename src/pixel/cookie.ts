import { option, storageName, windowMs } from './options.ts';

/** The cookie's text. Throws where cookies are denied, as in a sandboxed frame. */
export const readCookie = (): string | undefined =>
  // No other cookie's name ends in ours, which has the partner key.
  (document.cookie.match(storageName + '=([^;]*)') || '')[1];

/**
 * Sets the cookie for the domain of the options, or else for the widest that the browser accepts: it
 * refuses a public suffix (and 'none') without a word, so each try is read back, down to the host alone.
 * True when the cookie is there. An empty text deletes it, on every domain that it can have been set for.
 */
export const writeCookie = (text: string): boolean => {
  const domain = option('cookieDomain');
  const labels = domain ? [domain] : location.hostname.split('.');
  return [...labels, ''].some((label, index) => {
    document.cookie =
      storageName +
      '=' +
      text +
      ';path=/;samesite=lax;max-age=' +
      // 0 for an empty text. A deleted cookie reads back as undefined, so the next domain follows.
      ((!!text as unknown as number) * windowMs) / 1e3 +
      // The last label, the last two, and so on; none at the end, for the host alone.
      (label && ';domain=' + labels.slice(~index).join('.')) +
      // The fifth letter of https: an http page can't set a Secure cookie.
      (location.href[4] == 's' ? ';secure' : '');
    return readCookie() == text;
  });
};
