import { attempt } from './attempt.ts';
import { allowed } from './consent.ts';
import { readCookie, writeCookie } from './cookie.ts';
import { option, storageName, windowMs } from './options.ts';
import { encode, maxReferralLength, send } from './send.ts';
import { entries, readStorage, store } from './storage.ts';

/** A referral, as the fields of a message and in their order. */
export type ReferralFields = { referral: string; referralSource: string; landedAt: string };

/**
 * The addresses that may have brought a referral, one behind the other, until they have been looked at: at first the one
 * that the page was opened with, which a router may have changed before this script ran.
 */
let landing = attempt(() => performance.getEntries()[0]?.name) as string;

/** A visitor may have come by the present address. */
export const expectLanding = (): void => {
  landing += '&' + location.href;
};

/**
 * The referral that the text tells of, if it counts still: a cookie can outlive the window. Only the first three fields
 * are read, and as what they have to be, whatever a sibling host has put into a cookie with our name.
 */
export const parseReferral = (text = ''): ReferralFields | undefined =>
  attempt(() => {
    const [referral, referralSource, landedAt] = new URLSearchParams(text).values();
    // Either way, since a clock may have been set back.
    if (referral && text.length <= maxReferralLength && Math.abs(Date.now() - Number(landedAt)) < windowMs) {
      return { referral, referralSource, landedAt } as ReferralFields;
    }
  });

/** The referral that counts now. localStorage is opened only where no cookie has one. */
export const readReferral = (): ReferralFields | undefined => {
  attempt(capture);
  if (allowed() > 1) {
    return parseReferral(readCookie()) || (readStorage(), parseReferral(entries[storageName]));
  }
};

/**
 * Stores the referral that the visitor was brought by, if any: the first of the parameters that is present, or else a
 * referrer among the marketplace's hosts; no other referrer, so that no payment page takes the attribution. One that
 * differs from the live one is a visit.
 */
export const capture = (): void => {
  if (!landing || allowed() < 2) return;
  // In a query, or in a fragment, where routers have a query of their own. And links get mangled: one query is glued to
  // another by a question mark, and an ampersand escaped as in HTML.
  const parameters = new URLSearchParams(landing.replace(/[?#]|&amp;/g, '&'));
  const parameter = (option('referralParam') || 'onramp_ref')
    .split(/[ ,]+/)
    .map((name) => parameters.get(name))
    .find((id) => id);
  const [, host] = String(document.referrer).split(/[/:]+/);
  const id =
    parameter ||
    (option('marketplaceHosts')
      .split(/[ ,]+/)
      .find((name) => ('.' + host).endsWith('.' + name)) &&
      host) ||
    '';
  landing = '';
  const live = id && readReferral()?.referral;
  const referralSource = parameter ? 'param' : 'referrer';
  const text = String(new URLSearchParams({ referral: id, referralSource, landedAt: String(Date.now()) }));
  if (!parseReferral(text) || (live && option('attribution') == 'first') || live == id) return;
  entries[storageName] = text;
  // localStorage only where the cookie doesn't read back.
  if (!writeCookie(text)) store(storageName, text);
  send(encode({ event: 'visit' }, '&sent='));
};
