import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { cutText, toComparedText } from '../wire/text.ts';
import type { Clock } from '../wire/time.ts';
import { queryOf } from './http/body.ts';
import { isBot } from './http/bots.ts';
import { allowOnly, sendProblem } from './http/errors.ts';
import type { Fields } from './http/fields.ts';
import type { Details } from './ledger/tracking.ts';
import { isRateLimited, type Limits } from './limits/limits.ts';
import { html } from './pages/html.ts';
import { page, pagePolicy } from './pages/page.ts';
import { looksAsOfOld } from './store/clicks.ts';
import { StoreUnavailableError } from './store/errors.ts';
import type { Listing } from './store/listings.ts';
import type { Store } from './store/store.ts';
import type { LedgerWriter } from './store/writer.ts';

export interface ListingRoutesOptions {
  store: Pick<Store, 'findListing' | 'mintReferral'>;
  limits: Limits;
  writer: LedgerWriter;
  clock: Clock;
  createId: () => string;
}

interface LinkParts {
  Params: { listing: string };
  Querystring: Fields;
}
type LinkRequest = FastifyRequest<LinkParts>;

/** `/go/{listing}`: the marketplace's link to a provider. */
export async function listingRoutes(app: FastifyInstance, options: ListingRoutesOptions): Promise<void> {
  const { store, limits, writer, clock, createId } = options;
  const url = '/go/:listing';
  allowOnly(app, url, ['GET', 'HEAD']);
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'content-security-policy': pagePolicy,
      'cache-control': 'no-store',
      'referrer-policy': 'origin',
      'x-content-type-options': 'nosniff',
    });
  });

  app.get<LinkParts>(url, async (request, reply) => {
    const listing = await store.findListing(request.params.listing);
    if (!listing) return tellUnknown(request, reply);
    const clickedAt = clock();
    const referral = store.mintReferral({ providerId: listing.providerId, clickedAt, isForTests: false });
    try {
      limits.admitAddress(request.ip);
      await rememberClick(listing, { referral, clickedAt }, request);
      request.outcome = { way: 'go', result: 'created' };
    } catch (error) {
      // The buyer comes first. Rows will say that a link has minted the referral, and not which.
      if (error instanceof StoreUnavailableError) {
        request.log.error({ err: error.cause, listing: listing.name }, 'click lost');
      } else if (!isRateLimited(error)) throw error;
    }
    return await reply.redirect(landingAddress(listing, request.url, referral), 302);
  });

  /** Link checkers ask so: they see where the link leads, and count as nobody. */
  app.head<LinkParts>(url, async (request, reply) => {
    const listing = await store.findListing(request.params.listing);
    if (!listing) return tellUnknown(request, reply);
    return await reply.redirect(landingAddress(listing, request.url), 302);
  });

  /** @throws HttpProblem 429, since nobody is kept from buying by it */
  function tellUnknown(request: LinkRequest, reply: FastifyReply): FastifyReply {
    limits.admitAddress(request.ip);
    if (request.headers.accept?.includes('text/html')) {
      return reply.code(404).type('text/html; charset=utf-8').send(unknownListingPage);
    }
    const detail = 'The marketplace has no listing of this name.';
    return sendProblem(reply, { status: 404, code: 'unknown_listing', detail });
  }

  async function rememberClick(
    { name, providerId }: Listing,
    click: { referral: string; clickedAt: number },
    { query, headers }: LinkRequest,
  ): Promise<void> {
    await writer.write({
      kind: 'click',
      id: createId(),
      providerId,
      listing: name,
      campaign: campaignOf(query),
      ...click,
      isBot: isBot(headers['user-agent']),
    });
  }
}

/** The parameters of a link that mean something: the campaign, kept here, and the referral, for the provider's page. */
const campaignParameter = 'campaign';
export const referralParameter = 'onramp_ref';
/** Of a campaign's name, in code points; what is beyond is cut off. */
const maxCampaignLength = 100;

function campaignOf(query: Fields): string | undefined {
  const sent = query[campaignParameter];
  if (typeof sent !== 'string') return undefined;
  return cutText(toComparedText(sent), maxCampaignLength).trim() || undefined;
}

/**
 * The landing page with what else the link's query has, and the referral. The address stays as it was registered: nobody
 * who writes a link changes a parameter that it has, and only the marketplace says which referral it is.
 */
function landingAddress({ landingUrl }: Listing, address: string, referral?: string): string {
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

/**
 * The details with the referral that a link of ours minted, where mail programs, chats or ad tools have put something
 * around it: `id/`, `id?utm_source=x`, `&amp;onramp_ref=id`, `%3Fonramp_ref%3Did`. Only ids of old cost a look into the
 * ledger, and none by itself does.
 */
export async function withMintedReferral(
  details: Details,
  providerId: number,
  store: Pick<Store, 'readReferral' | 'findClicked'>,
): Promise<Details> {
  const { referral, referralSource } = details;
  if (referral === undefined || referralSource === 'referrer') return details;
  // Encoded twice, signs are octets, whose digits would look like a part of it.
  const words = referral.replace(/%[0-9a-f]{2}/gi, ' ').match(/[\w-]+/g) ?? [];
  if (words[0] === referral) return details;
  const ofOld = words.filter((word) => looksAsOfOld.test(word));
  const clicked = ofOld.length > 0 ? await store.findClicked(ofOld, providerId) : [];
  const [minted, another] = new Set([...words.filter((word) => store.readReferral(word)), ...clicked]);
  return minted !== undefined && another === undefined ? { ...details, referral: minted } : details;
}

/** For a buyer who followed a link to a listing that isn't there. */
const unknownListingPage = page({
  title: 'This listing is not here',
  content: html`<h1>This listing is not here</h1>
<p>The link may be old or misspelt. Please go back and look for the product in the marketplace.</p>`,
});
