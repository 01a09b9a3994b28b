import type { FastifyInstance } from 'fastify';
import type { Clock } from '../clock.ts';
import { isBot } from '../http/bots.ts';
import { allowOnly } from '../http/errors.ts';
import { sendProblem } from '../http/problem.ts';
import type { LedgerWriter } from '../ledger/writer.ts';
import { isRateLimited, type Limits } from '../limits/limits.ts';
import type { Listing, ListingStore } from '../store/providers.ts';
import { StoreUnavailableError } from '../store/store.ts';
import { landingWithReferral } from './landing.ts';
import { createReferral } from './referral.ts';
import { unknownListingPage } from './unknownListingPage.ts';

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
