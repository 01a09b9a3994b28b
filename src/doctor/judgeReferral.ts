import { randomBytes } from 'node:crypto';
import { listOf } from '../settings/settings.ts';
import { nameOf } from './fetchPage.ts';
import type { Finding } from './findings.ts';
import type { Known } from './judgeTags.ts';
import { optionsOf, type Tag, writeTag } from './tags.ts';

/** The parameter by which the marketplace's links carry the referral. */
export const referralParameter = 'onramp_ref';

/** An id of the form that the marketplace mints, which no link of its has: it stays in this run. */
export function createProbeId(): string {
  return `doctor${randomBytes(12).toString('base64url')}`;
}

/** The address as a visitor comes to it from the marketplace. */
export function withReferral(address: URL, id: string): URL {
  const landing = new URL(address);
  landing.searchParams.set(referralParameter, id);
  return landing;
}

/** Whether the tag looks for the parameter that the marketplace's links have. */
export function judgeParameter(tag: Tag, { host, partnerKey }: Known): Finding[] {
  const { referralParam } = tag.source.settings;
  if (!referralParam.value || listOf(referralParam).includes(referralParameter)) return [];
  const options = optionsOf(tag).set('data-referral-param', `${referralParam.value},${referralParameter}`);
  const sentence = `The marketplace's links carry ${referralParameter}, and the tag looks for ${referralParam.value} alone: no referral is ever found.`;
  return [{ code: 'referral-param-differs', sentence, change: writeTag(host, partnerKey, options) }];
}

/** Whether the parameter survives the redirects behind the named address. */
export function judgeRedirects(hops: readonly URL[], id: string): Finding[] {
  const index = hops.findIndex((hop) => !hop.href.includes(id));
  const lost = hops[index];
  const before = hops[index - 1];
  if (!lost || !before) return [];
  const sentence = `${nameOf(before)} redirects to ${nameOf(lost)} and drops the query, so the referral is lost before the page is shown. Keep the query in the redirect, as in the address below.`;
  return [{ code: 'referral-dropped', sentence, change: withReferral(lost, '…').href }];
}
