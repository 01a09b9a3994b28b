import type { FastifyBaseLogger } from 'fastify';
import { unlessLate } from '../store/deadline.ts';
import { StoreUnavailableError } from '../store/errors.ts';
import type { Listing, ListingStore } from '../store/listings.ts';
import type { Spool } from '../store/spool.ts';

/** How often all listings are asked for, and how often while the database doesn't answer, in milliseconds. */
const refreshMs = 10_000;
const retryMs = 500;

export interface KnownListings {
  /**
   * The listing as the database has it or, where that doesn't answer by then, as it was last known.
   *
   * @throws StoreUnavailableError where nothing is known of it
   */
  find(name: string, untilMs: number): Promise<Listing | undefined>;
  stop(): void;
}

export interface KnownListingsParts {
  store: Pick<ListingStore, 'findListing' | 'listListings'>;
  /** In which they are remembered over a restart. */
  spool: Spool | undefined;
  log: Pick<FastifyBaseLogger, 'warn' | 'info' | 'error'>;
}

/** Remembers all listings, so that links lead somewhere while the database is away. */
export function keepListings({ store, spool, log }: KnownListingsParts): KnownListings {
  let known = readKnown(spool);
  let isAway = false;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  void refresh();

  function refreshIn(delayMs: number): void {
    if (isStopped) return;
    clearTimeout(timer);
    timer = setTimeout(() => void refresh(), delayMs).unref();
  }

  async function refresh(): Promise<void> {
    try {
      const listings = await store.listListings();
      if (isStopped) return;
      known = new Map(listings.map((listing) => [listing.name, listing]));
      if (isAway) log.info('links are looked up in the database again');
      isAway = false;
      refreshIn(refreshMs);
      keepKnown(spool, listings);
    } catch (error) {
      if (isStopped) return;
      goAway(error);
      refreshIn(retryMs);
    }
  }

  function goAway(cause: unknown): void {
    if (isAway) return;
    isAway = true;
    log.warn({ err: cause }, 'links lead where they last led, until the database answers');
    refreshIn(retryMs);
  }

  return {
    async find(name, untilMs) {
      if (!isAway) {
        try {
          const listing = await unlessLate(store.findListing(name), untilMs);
          if (listing) known.set(name, listing);
          else known.delete(name);
          return listing;
        } catch (error) {
          if (!(error instanceof StoreUnavailableError)) throw error;
          goAway(error.cause);
        }
      }
      const listing = known.get(name);
      if (listing) return listing;
      throw new StoreUnavailableError(new Error('Nothing is remembered of the listing.'));
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

function readKnown(spool: Spool | undefined): Map<string, Listing> {
  const listings: Listing[] = JSON.parse(spool?.known('listings') ?? '[]');
  return new Map(listings.map((listing) => [listing.name, listing]));
}

/** Mostly they are what they were, and nothing has to be written. */
function keepKnown(spool: Spool | undefined, listings: readonly Listing[]): void {
  const text = JSON.stringify(listings);
  if (spool && spool.known('listings') !== text) spool.keepKnown('listings', text);
}
