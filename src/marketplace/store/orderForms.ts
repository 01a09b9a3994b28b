import type { FieldName } from '../../wire/account.ts';

/** The order forms of providers, and their logos. */
export interface OrderFormStore {
  findOrderForm(path: string): Promise<OrderForm | undefined>;
  findOrderFormOf(providerId: number): Promise<OrderForm | undefined>;
  listOrderForms(): Promise<OrderForm[]>;
  /** Adds the provider's form, or changes it as a whole. @throws NameTakenError when another's has the path */
  putOrderForm(form: OrderFormSettings & { providerId: number }): Promise<void>;
  /** Does nothing when the version is there already. */
  keepLogo(logo: Logo): Promise<void>;
  findLogo(version: string): Promise<Logo | undefined>;
}

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
