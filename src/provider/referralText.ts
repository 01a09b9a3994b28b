import { type ReferralSource, referralSources } from '../wire/fields.ts';
import type { Referral } from './referral.ts';

/** Longest text of a referral that the pixel takes: 300 characters of id, encoded. */
const maxTextLength = 353;

/** The referral as the text of the pixel's cookie. */
export function formatReferral({ id, source, landedAt }: Referral): string {
  const fields = { referral: id, referralSource: source, landedAt: String(landedAt) };
  return String(new URLSearchParams(fields));
}

/**
 * The referral that a cookie's text tells of, if it counts still. As by the pixel, three fields are read by their places,
 * and as what they have to be: a sibling host can plant a cookie, but no more than a referral in it.
 *
 * @param windowMs how long a referral counts
 */
export function parseReferral(text: string, now: number, windowMs: number): Referral | undefined {
  const [id, source, landedAt] = new URLSearchParams(text).values();
  const isLive = Math.abs(now - Number(landedAt)) < windowMs;
  if (!id || !isSource(source) || !isLive || text.length > maxTextLength) return undefined;
  return { id, source, landedAt: Number(landedAt) };
}

/**
 * The referral of a visitor who lands by that address: the first of the parameters that is present, found as the pixel finds
 * it, in addresses that were glued together or escaped as in HTML, too.
 */
export function findLanding(address: string, names: string, now: number): Referral | undefined {
  const parameters = new URLSearchParams(address.replace(/[?#]|&amp;/g, '&'));
  const id = names
    .split(/[ ,]+/)
    .map((name) => parameters.get(name))
    .find((id) => id);
  const landing = id ? ({ id, source: 'param', landedAt: now } as const) : undefined;
  return landing && formatReferral(landing).length <= maxTextLength ? landing : undefined;
}

function isSource(source: string | undefined): source is ReferralSource {
  return referralSources.some((known) => known === source);
}
