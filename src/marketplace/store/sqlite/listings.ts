import type Database from 'better-sqlite3';
import type { Kysely } from 'kysely';
import type { Listing, ListingStore } from '../providers.ts';
import { createListingReader } from '../sql/readListings.ts';
import type { Schema } from '../sql/schema.ts';
import { NameTakenError } from '../store.ts';

export function createListingStore(writer: Database.Database, reader: Kysely<Schema>): ListingStore {
  const insert = writer.prepare(
    `insert into listings (name, provider_id, landing_url) values (:name, :providerId, :landingUrl)
     on conflict (name) do nothing`,
  );
  const change = writer.prepare(
    'update listings set landing_url = :landingUrl where name = :name and provider_id = :providerId',
  );
  const put = writer.transaction((listing: Omit<Listing, 'partnerKey'>) => {
    if (insert.run(listing).changes === 1) return 'created';
    if (change.run(listing).changes === 1) return 'changed';
    throw new NameTakenError(`The listing ${listing.name} belongs to another provider.`);
  });

  return {
    ...createListingReader(reader),
    putListing: async (listing) => put.immediate(listing),
  };
}
