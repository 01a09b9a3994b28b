import type { FieldName } from '../../wire/account.ts';
import type { Database } from './database.ts';
import { NameTakenError } from './errors.ts';
import type { Schema } from './schema.ts';

export interface OrderFormSettings {
  /** Names the form's page: /order/<path>. */
  path: string;
  /** What the buyer is asked, in the order of the form. */
  fields: readonly FormField[];
  /** The marketplace's own value, sent along as `resellerkey`. */
  resellerKey?: string | undefined;
  /** Version of the logo to show. */
  logo?: string | undefined;
}

export interface FormField {
  name: FieldName;
  required: boolean;
}

export interface OrderForm extends OrderFormSettings {
  providerId: number;
  partnerKey: string;
  providerName: string;
  /** Whether orders can be taken: the provider is enabled and has an address to call. */
  isOpen: boolean;
}

export interface Logo {
  /** First 32 hex digits of its SHA-256. */
  version: string;
  /** Media type. */
  type: string;
  bytes: Buffer;
}

export type OrderFormStore = ReturnType<typeof createOrderFormStore>;

/** The order forms of providers, and their logos. */
export function createOrderFormStore({ reader, transact }: Database) {
  const forms = reader
    .selectFrom('order_forms')
    .innerJoin('providers', 'providers.id', 'order_forms.provider_id')
    .selectAll('order_forms')
    .select(['partner_key', 'name', 'disabled', 'provision_url']);

  return {
    async findOrderForm(path: string): Promise<OrderForm | undefined> {
      const row = await forms.where('path', '=', path).executeTakeFirst();
      return row && toOrderForm(row);
    },

    async findOrderFormOf(providerId: number): Promise<OrderForm | undefined> {
      const row = await forms.where('provider_id', '=', providerId).executeTakeFirst();
      return row && toOrderForm(row);
    },

    async listOrderForms(): Promise<OrderForm[]> {
      return (await forms.orderBy('path').execute()).map(toOrderForm);
    },

    /** Adds the provider's form, or changes it as a whole. @throws NameTakenError when another's has the path */
    putOrderForm: (form: OrderFormSettings & { providerId: number }): Promise<void> => {
      const { providerId, path, fields, resellerKey = null, logo = null } = form;
      return transact(
        async (tables) => {
          const ofPath = tables.selectFrom('order_forms').select('provider_id').where('path', '=', path);
          const owner = (await ofPath.executeTakeFirst())?.provider_id;
          if (owner !== undefined && owner !== providerId) {
            throw new NameTakenError(`The order page /order/${path} belongs to another provider.`);
          }
          const settings = { path, fields: JSON.stringify(fields), reseller_key: resellerKey, logo };
          await tables
            .insertInto('order_forms')
            .values({ provider_id: providerId, ...settings })
            .onConflict((conflict) => conflict.column('provider_id').doUpdateSet(settings))
            .execute();
        },
        // One at a time, so that nobody takes the path between the look and the insert.
        { hold: ['order forms'] },
      );
    },

    /** Does nothing when the version is there already. */
    keepLogo: (logo: Logo): Promise<void> =>
      transact(async (tables) => {
        await tables
          .insertInto('logos')
          .values(logo)
          .onConflict((conflict) => conflict.column('version').doNothing())
          .execute();
      }),

    findLogo: async (version: string): Promise<Logo | undefined> =>
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
