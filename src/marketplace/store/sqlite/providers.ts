import Database from 'better-sqlite3';
import type { Kysely } from 'kysely';
import type { NewSecret, ProviderSettings, ProviderStore } from '../providers.ts';
import { createProviderReader } from '../sql/readProviders.ts';
import type { Schema } from '../sql/schema.ts';
import { NameTakenError } from '../store.ts';

/**
 * Reads go through Kysely, writes through the writing connection and synchronously: a transaction that stayed
 * open over a turn of the event loop would stand in the way of the ledger's, which waits in the same thread.
 */
export function createProviderStore(writer: Database.Database, reader: Kysely<Schema>): ProviderStore {
  const insertProvider = writer.prepare(
    `insert into providers (partner_key, name, origins, minimum_level, disabled)
     values (:partnerKey, :name, :origins, :minimumLevel, :disabled)`,
  );
  const changeProvider = writer.prepare(
    `update providers set origins = coalesce(:origins, origins),
       minimum_level = coalesce(:minimumLevel, minimum_level), disabled = coalesce(:disabled, disabled),
       provision_url = coalesce(:provisionUrl, provision_url), idempotent = coalesce(:idempotent, idempotent)
     where partner_key = :partnerKey`,
  );
  const retireAllButNewest = writer.prepare(
    `update secrets set retired_at = :createdAt
     where retired_at is null and provider_id = (select id from providers where partner_key = :partnerKey)
       and key_id not in (
         select key_id from secrets join providers on providers.id = provider_id
         where partner_key = :partnerKey and retired_at is null order by position desc limit 1)`,
  );
  const insertSecret = writer.prepare(
    `insert into secrets (key_id, provider_id, secret, created_at, position)
     select :keyId, id, :secret, :createdAt, (select coalesce(max(position), 0) + 1 from secrets)
     from providers where partner_key = :partnerKey`,
  );

  const addWithSecret = writer.transaction(
    (provider: ProviderSettings & { partnerKey: string; name: string }, secret: NewSecret) => {
      insertProvider.run({
        ...provider,
        origins: JSON.stringify(provider.origins),
        disabled: provider.disabled ? 1 : 0,
      });
      insertSecret.run({ ...secret, partnerKey: provider.partnerKey });
    },
  );
  const rotate = writer.transaction((partnerKey: string, secret: NewSecret) => {
    retireAllButNewest.run({ partnerKey, createdAt: secret.createdAt });
    return insertSecret.run({ ...secret, partnerKey }).changes === 1;
  });

  return {
    ...createProviderReader(reader),
    async addProvider(provider, secret) {
      try {
        addWithSecret.immediate(provider, secret);
      } catch (error) {
        if (!(error instanceof Database.SqliteError) || error.code !== 'SQLITE_CONSTRAINT_UNIQUE')
          throw error;
        throw new NameTakenError(`The partner key ${provider.partnerKey} is in use.`);
      }
    },
    async changeProvider(partnerKey, { origins, minimumLevel, disabled, provisionUrl, idempotent }) {
      const { changes } = changeProvider.run({
        partnerKey,
        origins: origins ? JSON.stringify(origins) : null,
        minimumLevel: minimumLevel ?? null,
        disabled: disabled === undefined ? null : Number(disabled),
        provisionUrl: provisionUrl ?? null,
        idempotent: idempotent === undefined ? null : Number(idempotent),
      });
      return changes === 1;
    },
    async addSecret(partnerKey, secret) {
      return rotate.immediate(partnerKey, secret);
    },
  };
}
