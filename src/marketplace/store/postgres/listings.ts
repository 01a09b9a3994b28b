import type { Kysely } from 'kysely';
import type { ListingStore } from '../providers.ts';
import { createListingReader } from '../sql/readListings.ts';
import type { Schema } from '../sql/schema.ts';
import { NameTakenError } from '../store.ts';
import type { ConnectionPool } from './pool.ts';
import { transact } from './transaction.ts';

const insert = `insert into listings (name, provider_id, landing_url) values ($1, $2, $3)
  on conflict (name) do nothing`;
const change = 'update listings set landing_url = $3 where name = $1 and provider_id = $2';

export function createListingStore(pool: ConnectionPool, reader: Kysely<Schema>): ListingStore {
  return {
    ...createListingReader(reader),
    putListing: ({ name, providerId, landingUrl }) =>
      transact(pool, '', async (connection) => {
        const values = [name, providerId, landingUrl];
        if ((await connection.query(insert, values)).rowCount === 1) return 'created';
        if ((await connection.query(change, values)).rowCount === 1) return 'changed';
        throw new NameTakenError(`The listing ${name} belongs to another provider.`);
      }),
  };
}
