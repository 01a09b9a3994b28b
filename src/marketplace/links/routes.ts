import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../wire/time.ts';
import { isBot } from '../http/bots.ts';
import { sendProblem } from '../http/errors.ts';
import type { Fields } from '../http/fields.ts';
import { isRateLimited, type Limits } from '../limits/limits.ts';
import { html } from '../pages/html.ts';
import { page, pagePolicy } from '../pages/page.ts';
import type { Listing } from '../store/listings.ts';
import type { Spool } from '../store/spool.ts';
import type { Store } from '../store/store.ts';
import type { LedgerWriter } from '../store/writer.ts';
import { createClickRecorder, type LostBy } from './clicks.ts';
import { campaignOf, landingAddress } from './landing.ts';
import { keepListings } from './listings.ts';

export interface LinkRoutesOptions {
  store: Pick<Store, 'findListing' | 'listListings' | 'mintReferral' | 'readReferral'>;
  /** For what the database doesn't take just now; without it, clicks of that time are lost. */
  spool: Spool | undefined;
  limits: Limits;
  writer: Pick<LedgerWriter, 'write'>;
  clock: Clock;
  knownTime: Clock;
  createId: () => string;
  countLost: (by: LostBy) => void;
  /** How long a visitor waits for the database, for the listing and the click together, in milliseconds. */
  maxWaitMs?: number | undefined;
}

interface LinkParts {
  Params: { listing: string };
  Querystring: Fields;
}
type LinkRequest = FastifyRequest<LinkParts>;

/**
 * `/go/{listing}`: the marketplace's link to a provider. It leads on whatever has become of the database, since a link that
 * fails costs a sale.
 */
export async function linkRoutes(app: FastifyInstance, options: LinkRoutesOptions): Promise<void> {
  const { store, limits, clock, createId, maxWaitMs = 1_000 } = options;
  const { log } = app;
  const listings = keepListings({ ...options, log });
  const clicks = createClickRecorder({ ...options, log });
  app.addHook('onListen', async () => clicks.start());
  app.addHook('onClose', async () => {
    listings.stop();
    await clicks.stop();
  });

  const url = '/go/:listing';
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'content-security-policy': pagePolicy,
      'cache-control': 'no-store',
      'referrer-policy': 'origin',
      'x-content-type-options': 'nosniff',
    });
  });

  app.get<LinkParts>(url, async (request, reply) => {
    const untilMs = performance.now() + maxWaitMs;
    const listing = await listings.find(request.params.listing, untilMs);
    if (!listing) return tellUnknown(request, reply);
    const clickedAt = clock();
    const referral = store.mintReferral({ providerId: listing.providerId, clickedAt, isForTests: false });
    if (isAdmitted(request)) {
      const click = clickOn(listing, { referral, clickedAt }, request);
      const isOnDisk = await clicks.record(click, untilMs);
      if (isOnDisk) request.outcome = { way: 'go', result: 'created' };
    }
    return await reply.redirect(landingAddress(listing, request.url, referral), 302);
  });

  /** Link checkers ask so: they see where the link leads, and count as nobody. */
  app.head<LinkParts>(url, async (request, reply) => {
    const listing = await listings.find(request.params.listing, performance.now() + maxWaitMs);
    if (!listing) return tellUnknown(request, reply);
    return await reply.redirect(landingAddress(listing, request.url), 302);
  });

  /** Who comes too often is sent on, and not counted. */
  function isAdmitted({ ip }: LinkRequest): boolean {
    try {
      limits.admitAddress(ip);
      return true;
    } catch (error) {
      if (!isRateLimited(error)) throw error;
      return false;
    }
  }

  /** @throws HttpProblem 429, since nobody is kept from buying by it */
  function tellUnknown(request: LinkRequest, reply: FastifyReply): FastifyReply {
    limits.admitAddress(request.ip);
    if (request.headers.accept?.includes('text/html')) {
      return reply.code(404).type('text/html; charset=utf-8').send(unknownListingPage);
    }
    const detail = 'The marketplace has no listing of this name.';
    return sendProblem(reply, { status: 404, code: 'unknown_listing', detail });
  }

  function clickOn(
    { name, providerId }: Listing,
    click: { referral: string; clickedAt: number },
    { query, headers }: LinkRequest,
  ) {
    return {
      kind: 'click' as const,
      id: createId(),
      providerId,
      listing: name,
      campaign: campaignOf(query),
      ...click,
      isBot: isBot(headers['user-agent']),
    };
  }
}

/** For a buyer who followed a link to a listing that isn't there. */
const unknownListingPage = page({
  title: 'This listing is not here',
  content: html`<h1>This listing is not here</h1>
<p>The link may be old or misspelt. Please go back and look for the product in the marketplace.</p>`,
});
