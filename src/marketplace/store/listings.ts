import type { Database } from './database.ts';
import { NameTakenError } from './errors.ts';
import { createSettingsChange } from './settingsVersion.ts';

export interface NewListing {
  name: string;
  providerId: number;
  /** Absolute http or https address. */
  landingUrl: string;
}

export interface Listing extends NewListing {
  partnerKey: string;
}

export type ListingStore = ReturnType<typeof createListingStore>;

/** The marketplace's links to providers. */
export function createListingStore(database: Database) {
  const { reader } = database;
  const change = createSettingsChange(database);
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
    findListing: async (name: string): Promise<Listing | undefined> =>
      await listings.where('listings.name', '=', name).executeTakeFirst(),

    listListings: async (): Promise<Listing[]> => await listings.orderBy('listings.name').execute(),

    /** Adds the listing, or changes the landing page of the provider's own. @throws NameTakenError */
    putListing: ({ name, providerId, landingUrl }: NewListing): Promise<'created' | 'changed'> =>
      change(async (tables) => {
        const inserted = await tables
          .insertInto('listings')
          .values({ name, provider_id: providerId, landing_url: landingUrl })
          .onConflict((conflict) => conflict.column('name').doNothing())
          .executeTakeFirst();
        if (inserted.numInsertedOrUpdatedRows === 1n) return 'created';
        const updated = await tables
          .updateTable('listings')
          .set({ landing_url: landingUrl })
          .where('name', '=', name)
          .where('provider_id', '=', providerId)
          .executeTakeFirst();
        if (updated.numUpdatedRows === 1n) return 'changed';
        throw new NameTakenError(`The listing ${name} belongs to another provider.`);
      }),

    /** Deletes the listing; its clicks stay. False when there is none of the name. */
    removeListing: (name: string): Promise<boolean> =>
      change(async (tables) => {
        const { numDeletedRows } = await tables
          .deleteFrom('listings')
          .where('name', '=', name)
          .executeTakeFirst();
        return numDeletedRows > 0n;
      }),
  };
}
