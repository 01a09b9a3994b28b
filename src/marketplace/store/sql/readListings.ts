import type { Kysely } from 'kysely';
import type { ListingStore } from '../providers.ts';
import type { Schema } from './schema.ts';

export function createListingReader(
  reader: Kysely<Schema>,
): Pick<ListingStore, 'findListing' | 'listListings'> {
  const listings = reader
    .selectFrom('listings')
    .innerJoin('providers', 'providers.id', 'listings.provider_id')
    .select([
      'listings.name as name',
      'listings.provider_id as providerId',
      'providers.partner_key as partnerKey',
      'listings.landing_url as landingUrl',
    ]);

  return {
    findListing: async (name) => await listings.where('listings.name', '=', name).executeTakeFirst(),
    listListings: async () => await listings.orderBy('listings.name').execute(),
  };
}
