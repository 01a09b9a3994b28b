import Database from 'better-sqlite3';
import type { Kysely } from 'kysely';
import type { OrderFormStore } from '../orderForms.ts';
import { createOrderFormReader } from '../sql/readOrderForms.ts';
import type { Schema } from '../sql/schema.ts';
import { NameTakenError } from '../store.ts';

export function createOrderFormStore(writer: Database.Database, reader: Kysely<Schema>): OrderFormStore {
  const put = writer.prepare(
    `insert into order_forms (provider_id, path, fields, reseller_key, logo)
     values (:providerId, :path, :fields, :resellerKey, :logo)
     on conflict (provider_id) do update
       set path = :path, fields = :fields, reseller_key = :resellerKey, logo = :logo`,
  );
  const keepLogo = writer.prepare(
    `insert into logos (version, type, bytes) values (:version, :type, :bytes)
     on conflict (version) do nothing`,
  );
  return {
    ...createOrderFormReader(reader),
    async putOrderForm({ providerId, path, fields, resellerKey = null, logo = null }) {
      try {
        put.run({ providerId, path, fields: JSON.stringify(fields), resellerKey, logo });
      } catch (error) {
        if (!(error instanceof Database.SqliteError) || error.code !== 'SQLITE_CONSTRAINT_UNIQUE')
          throw error;
        throw new NameTakenError(`The order page /order/${path} belongs to another provider.`);
      }
    },
    async keepLogo(logo) {
      keepLogo.run(logo);
    },
  };
}
