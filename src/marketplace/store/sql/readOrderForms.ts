import type { Kysely } from 'kysely';
import type { OrderForm, OrderFormStore } from '../orderForms.ts';
import type { Schema } from './schema.ts';

type OrderFormReader = Pick<
  OrderFormStore,
  'findOrderForm' | 'findOrderFormOf' | 'listOrderForms' | 'findLogo'
>;

export function createOrderFormReader(reader: Kysely<Schema>): OrderFormReader {
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
