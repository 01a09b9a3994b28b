import type { Selectable } from 'kysely';
import type { Level } from '../../wire/fields.ts';
import type { Database, Tables } from './database.ts';
import { NameTakenError } from './errors.ts';
import type { Schema } from './schema.ts';
import { createSettingsChange } from './settingsVersion.ts';

export interface ProviderSettings {
  /** Of its pages: https://acme.example, or https://*.acme.example for all subdomains of one. */
  origins: readonly string[];
  /** Purchases below this level are refused. */
  minimumLevel: Level;
  disabled: boolean;
}

/** How accounts are made at the provider. */
export interface ProvisionSettings {
  /** Absolute address that orders are posted to; undefined while the provider takes none. */
  provisionUrl: string | undefined;
  /** Whether the same order sent twice makes one account, so that it may be sent again when in doubt. */
  idempotent: boolean;
}

export interface Provider extends ProviderSettings, ProvisionSettings {
  id: number;
  partnerKey: string;
  name: string;
  /** Oldest first. */
  secrets: readonly Secret[];
}

export interface ProviderChanges
  extends Partial<Pick<Provider, 'name'> & ProviderSettings & Pick<ProvisionSettings, 'idempotent'>> {
  provisionUrl?: string | null | undefined;
}

export interface NewProvider extends ProviderSettings {
  partnerKey: string;
  name: string;
}

export interface NewSecret {
  keyId: string;
  secret: string;
  createdAt: number;
}

export interface Secret extends NewSecret {
  /** Undefined while it is live. */
  retiredAt?: number | undefined;
}

export type ProviderStore = ReturnType<typeof createProviderStore>;

/** The providers, and their secrets. */
export function createProviderStore(database: Database) {
  const { reader, ledgerReader } = database;
  const change = createSettingsChange(database);
  const providers = ledgerReader.selectFrom('providers').selectAll();

  async function withSecrets(rows: readonly ProviderRow[], tables = ledgerReader): Promise<Provider[]> {
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => id);
    const secrets = tables.selectFrom('secrets').selectAll().where('provider_id', 'in', ids);
    const secretsOf = Map.groupBy(
      await secrets.orderBy('position').execute(),
      ({ provider_id: providerId }) => providerId,
    );
    return rows.map((row) => toProvider(row, secretsOf.get(row.id) ?? []));
  }

  return {
    async findProvider(partnerKey: string): Promise<Provider | undefined> {
      return (await withSecrets(await providers.where('partner_key', '=', partnerKey).execute()))[0];
    },

    /** The provider that the secret with this key id belongs to, retired or not. */
    async findProviderByKeyId(keyId: string): Promise<Provider | undefined> {
      const owner = ledgerReader.selectFrom('secrets').select('provider_id').where('key_id', '=', keyId);
      return (await withSecrets(await providers.where('id', '=', owner).execute()))[0];
    },

    async listProviders(): Promise<Provider[]> {
      const all = reader.selectFrom('providers').selectAll().orderBy('partner_key');
      return await withSecrets(await all.execute(), reader);
    },

    /** @throws NameTakenError when the partner key is in use */
    addProvider: (provider: NewProvider, secret: NewSecret): Promise<void> =>
      change(async (tables) => {
        const { partnerKey, name, origins, minimumLevel, disabled } = provider;
        const added = await tables
          .insertInto('providers')
          .values({
            partner_key: partnerKey,
            name,
            origins: JSON.stringify(origins),
            minimum_level: minimumLevel,
            disabled: disabled ? 1 : 0,
          })
          .onConflict((conflict) => conflict.column('partner_key').doNothing())
          .returning('id')
          .executeTakeFirst();
        if (!added) throw new NameTakenError(`The partner key ${partnerKey} is in use.`);
        await insertSecret(tables, added.id, secret);
      }),

    /** Changes what is given, and takes the address for orders away where it is null; false when there is no such provider. */
    changeProvider: (partnerKey: string, settings: ProviderChanges): Promise<boolean> =>
      change(async (tables) => {
        const { name, origins, minimumLevel, disabled, provisionUrl, idempotent } = settings;
        const { numUpdatedRows } = await tables
          .updateTable('providers')
          // What is undefined stays as it is, and something has to be set even where nothing is given.
          .set({
            partner_key: partnerKey,
            name,
            origins: origins && JSON.stringify(origins),
            minimum_level: minimumLevel,
            disabled: disabled === undefined ? undefined : Number(disabled),
            provision_url: provisionUrl,
            idempotent: idempotent === undefined ? undefined : Number(idempotent),
          })
          .where('partner_key', '=', partnerKey)
          .executeTakeFirst();
        return numUpdatedRows > 0n;
      }),

    /** Adds a secret and retires all live ones but the newest before it; false when there is no such provider. */
    addSecret: (partnerKey: string, secret: NewSecret): Promise<boolean> =>
      change(async (tables) => {
        // Locked, so that of two rotations at once the second sees the first.
        const provider = await tables
          .selectFrom('providers')
          .select('id')
          .where('partner_key', '=', partnerKey)
          .forUpdate()
          .executeTakeFirst();
        if (!provider) return false;
        await retireAllButNewest(tables, provider.id, secret.createdAt);
        await insertSecret(tables, provider.id, secret);
        return true;
      }),

    /** Retires a live secret; false when the provider has none such. */
    retireSecret: (partnerKey: string, keyId: string, retiredAt: number): Promise<boolean> =>
      change(async (tables) => {
        const owner = tables.selectFrom('providers').select('id').where('partner_key', '=', partnerKey);
        const { numUpdatedRows } = await tables
          .updateTable('secrets')
          .set({ retired_at: retiredAt })
          .where('key_id', '=', keyId)
          .where('retired_at', 'is', null)
          .where('provider_id', '=', owner)
          .executeTakeFirst();
        return numUpdatedRows > 0n;
      }),

    /** Deletes a secret, so that nothing it signs or proves is believed any more; false when the provider has none such. */
    revokeSecret: (partnerKey: string, keyId: string): Promise<boolean> =>
      change(async (tables) => {
        const owner = tables.selectFrom('providers').select('id').where('partner_key', '=', partnerKey);
        const { numDeletedRows } = await tables
          .deleteFrom('secrets')
          .where('key_id', '=', keyId)
          .where('provider_id', '=', owner)
          .executeTakeFirst();
        return numDeletedRows > 0n;
      }),
  };
}

async function retireAllButNewest(tables: Tables, providerId: number, retiredAt: number): Promise<void> {
  await tables
    .updateTable('secrets')
    .set({ retired_at: retiredAt })
    .where('retired_at', 'is', null)
    .where('provider_id', '=', providerId)
    .where('key_id', 'not in', (secret) =>
      secret
        .selectFrom('secrets')
        .select('key_id')
        .where('provider_id', '=', providerId)
        .where('retired_at', 'is', null)
        .orderBy('position', 'desc')
        .limit(1),
    )
    .execute();
}

async function insertSecret(
  tables: Tables,
  providerId: number,
  { keyId, secret, createdAt }: NewSecret,
): Promise<void> {
  const newest = await tables
    .selectFrom('secrets')
    .select(({ fn }) => fn.max('position').as('position'))
    .where('provider_id', '=', providerId)
    .executeTakeFirst();
  await tables
    .insertInto('secrets')
    .values({
      key_id: keyId,
      provider_id: providerId,
      secret,
      created_at: createdAt,
      position: (newest?.position ?? 0) + 1,
    })
    .execute();
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
