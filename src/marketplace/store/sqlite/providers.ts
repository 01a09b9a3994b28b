import Database from 'better-sqlite3';
import type { Kysely, Selectable } from 'kysely';
import type { NewSecret, Provider, ProviderSettings, ProviderStore } from '../providers.ts';
import { NameTakenError } from '../store.ts';
import type { Schema } from './schema.ts';

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

  const providers = reader.selectFrom('providers').selectAll();

  async function withSecrets(rows: readonly ProviderRow[]): Promise<Provider[]> {
    if (rows.length === 0) return [];
    const secrets = await reader
      .selectFrom('secrets')
      .selectAll()
      .where(
        'provider_id',
        'in',
        rows.map(({ id }) => id),
      )
      .orderBy('position')
      .execute();
    return rows.map((row) =>
      toProvider(
        row,
        secrets.filter(({ provider_id }) => provider_id === row.id),
      ),
    );
  }

  return {
    async findProvider(partnerKey) {
      const [provider] = await withSecrets(await providers.where('partner_key', '=', partnerKey).execute());
      return provider;
    },
    async findProviderByKeyId(keyId) {
      const owner = reader.selectFrom('secrets').select('provider_id').where('key_id', '=', keyId);
      const [provider] = await withSecrets(await providers.where('id', '=', owner).execute());
      return provider;
    },
    async listProviders() {
      return await withSecrets(await providers.orderBy('partner_key').execute());
    },
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

type ProviderRow = Selectable<Schema['providers']>;

function toProvider(row: ProviderRow, secrets: readonly Schema['secrets'][]): Provider {
  return {
    id: row.id,
    partnerKey: row.partner_key,
    name: row.name,
    origins: JSON.parse(row.origins),
    minimumLevel: row.minimum_level,
    disabled: row.disabled === 1,
    provisionUrl: row.provision_url ?? undefined,
    idempotent: row.idempotent === 1,
    secrets: secrets.map((secret) => ({
      keyId: secret.key_id,
      secret: secret.secret,
      createdAt: secret.created_at,
      retiredAt: secret.retired_at ?? undefined,
    })),
  };
}
