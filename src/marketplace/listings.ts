import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../wire/time.ts';
import { isBot } from './http/bots.ts';
import { allowOnly, sendProblem } from './http/errors.ts';
import type { Details } from './ledger/tracking.ts';
import { isRateLimited, type Limits } from './limits/limits.ts';
import type { ClickStore } from './store/clicks.ts';
import { StoreUnavailableError } from './store/errors.ts';
import type { Listing, ListingStore } from './store/listings.ts';
import type { LedgerWriter } from './store/writer.ts';

export interface ListingRoutesOptions {
  store: ListingStore;
  limits: Limits;
  writer: LedgerWriter;
  clock: Clock;
  createId: () => string;
}

/** `/go/{listing}`: the marketplace's link to a provider. */
export async function listingRoutes(app: FastifyInstance, options: ListingRoutesOptions): Promise<void> {
  const { store, limits, writer, clock, createId } = options;
  const url = '/go/:listing';
  allowOnly(app, url, ['GET', 'HEAD']);
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'origin' });
  });

  app.get<{ Params: { listing: string } }>(url, async (request, reply) => {
    const listing = await store.findListing(request.params.listing);
    if (!listing) {
      if (request.headers.accept?.includes('text/html')) {
        return await reply.code(404).type('text/html; charset=utf-8').send(unknownListingPage);
      }
      const detail = 'The marketplace has no listing of this name.';
      return sendProblem(reply, { status: 404, code: 'unknown_listing', detail });
    }
    const referral = createReferral();
    try {
      limits.admitAddress(request.ip);
      await rememberClick(listing, referral, isBot(request.headers['user-agent']));
      request.outcome = { way: 'go', result: 'created' };
    } catch (error) {
      // The buyer comes first: rows will honestly say that this referral wasn't minted here.
      if (error instanceof StoreUnavailableError) {
        request.log.error({ err: error.cause, listing: listing.name }, 'click lost');
      } else if (!isRateLimited(error)) throw error;
    }
    return await reply.redirect(landingWithReferral(listing.landingUrl, referral), 302);
  });

  /** Link checkers ask so: they see where the link leads, and count as nobody. */
  app.head<{ Params: { listing: string } }>(url, async (request, reply) => {
    const listing = await store.findListing(request.params.listing);
    return listing ? await reply.redirect(listing.landingUrl, 302) : await reply.code(404).send();
  });

  async function rememberClick(
    { name, providerId }: Listing,
    referral: string,
    fromBot: boolean,
  ): Promise<void> {
    await writer.write({
      kind: 'click',
      id: createId(),
      providerId,
      listing: name,
      referral,
      clickedAt: clock(),
      isBot: fromBot,
    });
  }
}

/** The query parameter in which a referral reaches the provider's page. */
const referralParameter = 'onramp_ref';

/** The landing page with the referral in its query; the rest of the address stays as it was registered. */
function landingWithReferral(landingUrl: string, referral: string): string {
  const url = new URL(landingUrl);
  const kept = url.search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && pair.split('=')[0] !== referralParameter);
  url.search = [...kept, `${referralParameter}=${referral}`].join('&');
  return url.href;
}

/** Bytes of a referral id: 128 random bits, so that none can be guessed. Base64url makes 22 characters of them. */
const referralBytes = 16;
const looksMinted = /(?<![\w-])[\w-]{22}(?![\w-])/g;

export function createReferral(): string {
  return randomBytes(referralBytes).toString('base64url');
}

/**
 * The details with the referral that a link of ours minted, where mail programs, chats or ad tools have put something
 * around it: `id/`, `id?utm_source=x`, `&amp;onramp_ref=id`. An id as it was minted costs no look into the ledger.
 */
export async function withMintedReferral(
  details: Details,
  store: Pick<ClickStore, 'findMintedReferrals'>,
): Promise<Details> {
  const { referral, referralSource } = details;
  if (referral === undefined || referralSource === 'referrer') return details;
  const candidates = referral.match(looksMinted);
  if (!candidates || candidates[0] === referral) return details;
  const [minted, another] = await store.findMintedReferrals(candidates);
  return minted !== undefined && another === undefined ? { ...details, referral: minted } : details;
}

/** For a buyer who followed a link to a listing that isn't there. */
const unknownListingPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>This listing is not here</title>
<style>body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 20vh auto; padding: 0 1rem }</style>
<h1>This listing is not here</h1>
<p>The link may be old or misspelt. Please go back and look for the product in the marketplace.</p>
`;
