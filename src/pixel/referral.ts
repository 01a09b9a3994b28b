import { attempt } from './attempt.ts';
import { allowed, held } from './consent.ts';
import { readCookie, writeCookie } from './cookie.ts';
import { option, storageName, windowMs } from './options.ts';
import { encode, send } from './send.ts';
import { storage } from './storage.ts';

/**
 * The referral that counts now, as the part of a message in which it is stored and sent; empty when there
 * is none. Its time ends the text, in epoch milliseconds: a cookie that outlives the window counts no longer.
 */
export const readReferral = (): URLSearchParams => {
  const text = attempt(readCookie) || storage[storageName];
  return new URLSearchParams(
    allowed > 1 && Date.now() - (/\d+$/.exec(text as string) as unknown as number) < windowMs ? text : '',
  );
};

/**
 * Stores the referral that this page was reached by, if any: the first of the parameters that is present,
 * or else a referrer among the marketplace's hosts; no other referrer, so that a payment page can't take
 * the attribution. One that differs from the live one is a visit.
 */
export const captureReferral = (): void => {
  const parameters = new URL(location as unknown as string).searchParams;
  const [live] = readReferral().values();
  const host = document.referrer.split(/[/:]+/)[1];
  const parameter = (option('referralParam') || 'onramp_ref')
    .split(/[ ,]+/)
    .map((name) => parameters.get(name))
    .find((id) => id);
  const id =
    parameter ||
    (option('marketplaceHosts')
      .split(/[ ,]+/)
      .find((market) => ('.' + host).endsWith('.' + market)) &&
      host);
  const landing =
    '' +
    new URLSearchParams({
      referral: id as string,
      referralSource: parameter ? 'param' : 'referrer',
      landedAt: Date.now() as unknown as string,
    });
  if (allowed < 2) held.push(captureReferral);
  // 300 characters of id, encoded; more would make the image's address too long.
  else if (id && id != live && !(live && option('attribution') == 'first') && landing.length < 354) {
    send(encode('event=visit&' + landing, '&sent='));
    // The last statement, since full storage throws.
    attempt(writeCookie, landing) || (storage[storageName] = landing);
  }
};
