import { attempt } from './attempt.ts';
import { readCookie, writeCookie } from './cookie.ts';
import { option, storageName, windowMs } from './options.ts';
import { encode, sendOnce } from './send.ts';
import { storage } from './storage.ts';

const list = (text: string) => text.split(/[ ,]+/);

/**
 * The referral that counts now, as the part of a message in which it is stored and sent; empty when there
 * is none. Its time is in the text: a cookie that outlives the window counts no longer.
 */
export const readReferral = (): URLSearchParams => {
  const stored = new URLSearchParams(attempt(readCookie) || storage[storageName]);
  return Date.now() - (stored.get('landedAt') as unknown as number) < windowMs()
    ? stored
    : new URLSearchParams();
};

/**
 * Stores the referral that this page was reached by, if any: the first of the parameters that is present,
 * or else a referrer among the marketplace's hosts; no other referrer, so that a payment page can't take
 * the attribution. One that differs from the live one is a visit.
 */
export const captureReferral = (): void => {
  const parameters = new URLSearchParams(location.search);
  const live = readReferral().get('referral');
  const host = document.referrer.split(/[/:]+/)[1];
  const parameter = list(option('referralParam') || 'onramp_ref')
    .map((name) => parameters.get(name))
    .find((id) => id);
  const id =
    parameter ||
    (list(option('marketplaceHosts')).find((allowed) => ('.' + host).endsWith('.' + allowed)) && host);
  const landing =
    '' +
    new URLSearchParams({
      referral: id as string,
      referralSource: parameter ? 'param' : 'referrer',
      landedAt: Date.now() as unknown as string,
    });
  // 300 characters of id, encoded; more would make the image's address too long.
  if (id && id != live && !(live && option('attribution') == 'first') && landing.length < 354) {
    sendOnce(encode('event=visit', landing, '&sent='));
    attempt(writeCookie, landing) || attempt(() => (storage[storageName] = landing));
  }
};
