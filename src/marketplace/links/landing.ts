import { cutText, toComparedText } from '../../wire/text.ts';
import { queryOf } from '../http/body.ts';
import type { Fields } from '../http/fields.ts';
import type { Listing } from '../store/listings.ts';

/** The parameters of a link that mean something: the campaign, kept here, and the referral, for the provider's page. */
const campaignParameter = 'campaign';
export const referralParameter = 'onramp_ref';
/** Of a campaign's name, in code points; what is beyond is cut off. */
const maxCampaignLength = 100;

/** What the link called the campaign that it belongs to. */
export function campaignOf(query: Fields): string | undefined {
  const sent = query[campaignParameter];
  if (typeof sent !== 'string') return undefined;
  return cutText(toComparedText(sent), maxCampaignLength).trim() || undefined;
}

/**
 * The landing page with what else the link's query has, and the referral. The address stays as it was registered: nobody
 * who writes a link changes a parameter that it has, and only the marketplace says which referral it is.
 */
export function landingAddress({ landingUrl }: Listing, address: string, referral?: string): string {
  const url = new URL(landingUrl);
  const own = pairsOf(url.search).filter(({ name }) => name !== referralParameter);
  const taken = [campaignParameter, referralParameter, ...own.map(({ name }) => name)];
  const added = pairsOf(queryOf(address)).filter(
    ({ name, pair }) => !taken.includes(name) && !namesReferral(pair),
  );
  const pairs = [...own, ...added].map(({ pair }) => pair);
  url.search = [...pairs, ...(referral === undefined ? [] : [`${referralParameter}=${referral}`])].join('&');
  return url.href;
}

/** The pairs of a query as they are written, with their names read. */
function pairsOf(query: string): { name: string; pair: string }[] {
  const pairs = query.replace(/^\?/, '').split('&');
  return pairs.flatMap((pair) => [...new URLSearchParams(pair).keys()].map((name) => ({ name, pair })));
}

/** Whether the pixel, which takes mangled links apart, would read a referral in the pair. */
function namesReferral(pair: string): boolean {
  return new URLSearchParams(pair.replace(/[?#;]/g, '&')).has(referralParameter);
}
