import Database from 'better-sqlite3';
import type { Kysely } from 'kysely';
import type { OrderForm, OrderFormStore } from '../orderForms.ts';
import { NameTakenError } from '../store.ts';
import type { Schema } from './schema.ts';

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
  const forms = reader
    .selectFrom('order_forms')
    .innerJoin('providers', 'providers.id', 'order_forms.provider_id')
    .select([
      'provider_id',
      'partner_key',
      'name',
      'disabled',
      'provision_url',
      'path',
      'fields',
      'reseller_key',
      'logo',
    ]);

  return {
    async findOrderForm(path) {
      const row = await forms.where('path', '=', path).executeTakeFirst();
      return row && toOrderForm(row);
    },
    async findOrderFormOf(providerId) {
      const row = await forms.where('provider_id', '=', providerId).executeTakeFirst();
      return row && toOrderForm(row);
    },
    async listOrderForms() {
      return (await forms.orderBy('path').execute()).map(toOrderForm);
    },
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
    findLogo: async (version) =>
      await reader.selectFrom('logos').selectAll().where('version', '=', version).executeTakeFirst(),
  };
}

type JoinedForm = Schema['order_forms'] &
  Pick<Schema['providers'], 'partner_key' | 'name' | 'disabled' | 'provision_url'>;

function toOrderForm(row: JoinedForm): OrderForm {
  return {
    providerId: row.provider_id,
    partnerKey: row.partner_key,
    providerName: row.name,
    path: row.path,
    fields: JSON.parse(row.fields),
    resellerKey: row.reseller_key ?? undefined,
    logo: row.logo ?? undefined,
    isOpen: row.disabled === 0 && row.provision_url !== null,
  };
}
