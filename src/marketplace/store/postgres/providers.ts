import type { Kysely } from 'kysely';
import type { NewSecret, ProviderSettings, ProviderStore } from '../providers.ts';
import { createProviderReader } from '../sql/readProviders.ts';
import type { Schema } from '../sql/schema.ts';
import { NameTakenError } from '../store.ts';
import { codeOf, uniqueViolation } from './judgeError.ts';
import type { Connection, ConnectionPool } from './pool.ts';
import { transact } from './transaction.ts';

const insertProvider = `insert into providers (partner_key, name, origins, minimum_level, disabled)
  values ($1, $2, $3, $4, $5) returning id`;
const changeProvider = `update providers set origins = coalesce($2, origins),
    minimum_level = coalesce($3, minimum_level), disabled = coalesce($4, disabled),
    provision_url = coalesce($5, provision_url), idempotent = coalesce($6, idempotent)
  where partner_key = $1`;
const retireAllButNewest = `update secrets set retired_at = $2
  where retired_at is null and provider_id = $1 and key_id not in (
    select key_id from secrets where provider_id = $1 and retired_at is null order by position desc limit 1)`;
const insertSecret = `insert into secrets (key_id, provider_id, secret, created_at, position)
  values ($1, $2, $3, $4, (select coalesce(max(position), 0) + 1 from secrets where provider_id = $2))`;

export function createProviderStore(pool: ConnectionPool, reader: Kysely<Schema>): ProviderStore {
  return {
    ...createProviderReader(reader),
    async addProvider(provider, secret) {
      try {
        await transact(pool, '', (connection) => addWithSecret(connection, provider, secret));
      } catch (error) {
        if (codeOf(error) !== uniqueViolation) throw error;
        throw new NameTakenError(`The partner key ${provider.partnerKey} is in use.`);
      }
    },
    async changeProvider(partnerKey, { origins, minimumLevel, disabled, provisionUrl, idempotent }) {
      const values = [
        partnerKey,
        origins ? JSON.stringify(origins) : null,
        minimumLevel ?? null,
        disabled === undefined ? null : Number(disabled),
        provisionUrl ?? null,
        idempotent === undefined ? null : Number(idempotent),
      ];
      const { rowCount } = await transact(pool, '', (connection) => connection.query(changeProvider, values));
      return rowCount === 1;
    },
    addSecret: (partnerKey, secret) =>
      transact(pool, '', async (connection) => {
        const id = await findId(connection, partnerKey);
        if (id === undefined) return false;
        await connection.query(retireAllButNewest, [id, secret.createdAt]);
        await addSecret(connection, id, secret);
        return true;
      }),
  };
}

async function addWithSecret(
  connection: Connection,
  {
    partnerKey,
    name,
    origins,
    minimumLevel,
    disabled,
  }: ProviderSettings & { partnerKey: string; name: string },
  secret: NewSecret,
): Promise<void> {
  const values = [partnerKey, name, JSON.stringify(origins), minimumLevel, disabled ? 1 : 0];
  const { rows } = await connection.query<{ id: number }>(insertProvider, values);
  const [provider] = rows;
  if (provider) await addSecret(connection, provider.id, secret);
}

/** Locks the provider, so that of two rotations at once the second sees the first. */
async function findId(connection: Connection, partnerKey: string): Promise<number | undefined> {
  const { rows } = await connection.query<{ id: number }>(
    'select id from providers where partner_key = $1 for update',
    [partnerKey],
  );
  return rows[0]?.id;
}

async function addSecret(
  connection: Connection,
  providerId: number,
  { keyId, secret, createdAt }: NewSecret,
): Promise<void> {
  await connection.query(insertSecret, [keyId, providerId, secret, createdAt]);
}
