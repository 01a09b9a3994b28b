import { dayMs } from '../wire/fields.ts';
import { needOptions } from './arguments.ts';
import { isPartnerKey } from './options.ts';
import type { Referral } from './referral.ts';
import { findLanding, formatReferral, parseReferral } from './referralText.ts';
import { headerOf, isAhead, isNavigation, isSecure, readCookies, type VisitorRequest } from './visitor.ts';

export interface KeepReferralOptions {
  /** As in your tag; so are the next four. */
  partnerKey: string;
  /** Parameters that carry a referral id, comma separated; the first one present counts. Default: `onramp_ref`. */
  referralParam?: string | undefined;
  /** Whether the last referral counts (default), or the first until its window ends. */
  attribution?: 'last' | 'first' | undefined;
  /** How long a referral counts, in days; default 30. */
  windowDays?: number | undefined;
  /** Name it where your pages stand on several hosts: `acme.example`. Default, and `none`: the host alone. */
  cookieDomain?: string | undefined;
  /**
   * Where you ask for consent, whether this visitor gave it. Once it is named, all but true keeps nothing and deletes what
   * was kept.
   */
  consent?: boolean | null | undefined;
  /** Whether a proxy of yours sets X-Forwarded-Proto, by which it is known then that a visitor came by https. */
  trustProxy?: boolean | undefined;
  /** Epoch milliseconds; default: the clock's. */
  now?: number | undefined;
}

const domainPattern = /^[A-Za-z0-9.-]+$/;

/**
 * Keeps a referral past the week after which Safari drops what scripts have stored: in `onramp_<partner key>.kept`, a
 * cookie of the server's own, which no script sees. When the pixel's cookie has gone, it is set again from that one, for
 * the pixel to read. At the landing it is not: the pixel would find the very id that it has come with, and report no visit.
 *
 * Keeps nothing of visitors who send Sec-GPC: 1, and of pages that are only fetched ahead.
 *
 * @returns a Set-Cookie header's value, to be added to the answer; undefined where there is nothing to change
 * @throws TypeError that names every mistake in the options; never for what a visitor sends
 */
export function keepReferral(request: VisitorRequest, options: KeepReferralOptions): string | undefined {
  checkOptions(options);
  const { partnerKey, referralParam = 'onramp_ref', attribution, windowDays = 30 } = options;
  const { cookieDomain = 'none', trustProxy = false, now = Date.now() } = options;
  const windowMs = windowDays * dayMs;
  const pixelsName = `onramp_${partnerKey}`;
  // No partner key has a full stop, so this is no other partner's; and the pixel takes no cookie for its own by its end.
  const keptName = `${pixelsName}.kept`;

  const pixels = read(pixelsName);
  const kept = read(keptName);
  const isRefused = 'consent' in options && options.consent !== true;
  if (isRefused || headerOf(request, 'sec-gpc') === '1') {
    return readCookies(request, keptName).length > 0 ? cookie(keptName, '', 0) : undefined;
  }
  if (isAhead(request)) return undefined;

  const landing = findLanding(request.url ?? '', referralParam, now);
  const known = choose(pixels, kept);
  if (landing && (!known || (attribution !== 'first' && landing.id !== known.id)))
    return keep(keptName, landing);
  // What only the pixel knows: a marketplace's host, or a landing that another server answered.
  if (known && known === pixels && known.id !== kept?.id) return keep(keptName, known);
  if (!kept || pixels || !isNavigation(request)) return undefined;
  // The landing itself once more, which the pixel may not have seen yet.
  if (landing?.id === kept.id && now - kept.landedAt < dayMs) return undefined;
  return keep(pixelsName, kept);

  function read(name: string): Referral | undefined {
    const referrals = readCookies(request, name).map((text) => parseReferral(text, now, windowMs));
    return referrals.find((referral) => referral !== undefined);
  }

  /** Of two that differ, the one that counts. */
  function choose(one: Referral | undefined, other: Referral | undefined): Referral | undefined {
    if (!one || !other) return one ?? other;
    const isLater = one.landedAt > other.landedAt;
    return isLater === (attribution !== 'first') ? one : other;
  }

  function keep(name: string, referral: Referral): string {
    return cookie(name, formatReferral(referral), referral.landedAt + windowMs - now);
  }

  function cookie(name: string, text: string, maxAgeMs: number): string {
    return [
      `${name}=${text}`,
      `Max-Age=${Math.ceil(maxAgeMs / 1000)}`,
      'Path=/',
      'SameSite=Lax',
      ...(cookieDomain === 'none' ? [] : [`Domain=${cookieDomain}`]),
      ...(isSecure(request, trustProxy) ? ['Secure'] : []),
      ...(name === keptName ? ['HttpOnly'] : []),
    ].join('; ');
  }
}

function checkOptions(options: KeepReferralOptions): void {
  needOptions('keepReferral', options);
  const { partnerKey, referralParam = '', attribution = 'last', windowDays = 30 } = options;
  const { cookieDomain = 'none', trustProxy = false, now = 0 } = options;
  const mistakes = [
    !isPartnerKey(partnerKey) &&
      'partnerKey has to be the key that the marketplace gave you, such as pk_acme',
    typeof referralParam !== 'string' && 'referralParam has to be text: names of parameters, comma separated',
    !['last', 'first'].includes(attribution) && 'attribution has to be last or first',
    !(windowDays > 0 && Number.isFinite(windowDays)) && 'windowDays has to be a number of days, more than 0',
    !domainPattern.test(cookieDomain) && 'cookieDomain has to be a domain, such as acme.example',
    typeof trustProxy !== 'boolean' && 'trustProxy has to be true or false',
    !Number.isFinite(now) && 'now has to be epoch milliseconds',
  ].filter((mistake) => mistake !== false);
  if (mistakes.length > 0) throw new TypeError(`keepReferral: ${mistakes.join('; ')}.`);
}
