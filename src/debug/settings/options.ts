/** The tag's options in camel case, each with what counts where it isn't set; empty: nothing does. */
export const defaults = {
  partnerKey: '',
  endpoint: '',
  serviceName: '',
  customerId: '',
  orderId: '',
  purchasedAt: '',
  amount: '',
  currency: '',
  sig: '',
  track: '',
  referralParam: 'onramp_ref',
  marketplaceHosts: '',
  attribution: 'last',
  windowDays: '30',
  cookieDomain: '',
  consent: '',
} as const;
export type OptionName = keyof typeof defaults;
export const optionNames = Object.keys(defaults) as OptionName[];

/** As it stands in the script's address; with `data-` before it, the attribute. */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
}

export interface Setting {
  name: OptionName;
  value: string;
  from: 'attribute' | 'script address' | 'default' | 'not set';
}
export type Settings = Record<OptionName, Setting>;

/** What the pixel makes of a list. */
export function listOf({ value }: Setting): string[] {
  return value.split(/[ ,]+/).filter((item) => item !== '');
}

/** How long a referral counts, as the pixel reads it. */
export function windowDays({ windowDays: { value } }: Settings): number {
  return Number(value) || 30;
}

/** The value as it may be shown: nobody needs to read a signature, and nobody may read a secret. */
export function shown({ name, value }: Setting): string {
  if (name === 'sig' && value) return `(hidden, ${value.length} characters)`;
  return looksSecret(value) ? '(hidden: it looks like your secret)' : value;
}

/** The marketplace's secrets look so. */
export function looksSecret(value: string): boolean {
  return /^os_[A-Za-z0-9]+_/.test(value);
}
