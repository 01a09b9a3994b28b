import type { Kysely, Selectable } from 'kysely';
import type { Provider, ProviderStore } from '../providers.ts';
import type { Schema } from './schema.ts';

type ProviderReader = Pick<ProviderStore, 'findProvider' | 'findProviderByKeyId' | 'listProviders'>;

export function createProviderReader(reader: Kysely<Schema>): ProviderReader {
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
