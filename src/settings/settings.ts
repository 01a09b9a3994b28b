import type { OptionName } from '../pixel/types.ts';

/** All options but `event`, which only a call says. */
export type SettingName = Exclude<OptionName, 'event'>;

/** What counts where an option isn't set; empty: nothing does. */
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
} satisfies Record<SettingName, string>;
export const settingNames = Object.keys(defaults) as SettingName[];

/** As it stands in the script's address; with `data-` before it, the attribute. */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
}

export interface Setting {
  name: SettingName;
  /** As its writer knows it: `data-customer-id`, or `customerId` for a module. */
  label: string;
  value: string;
  from: 'attribute' | 'script address' | 'startOnramp' | 'default' | 'not set';
}
export type Settings = Record<SettingName, Setting>;

/** What the pixel takes its options from: a tag of the page, or what a module has given it. */
export interface Source {
  by: 'tag' | 'module';
  settings: Settings;
  /** Of the script; undefined where it has none. */
  address: URL | undefined;
  /** All attribute names, as written in the page. */
  attributes: string[];
  /** Names in the query of the script's address. */
  parameters: string[];
}

/** The options of a tag: its attributes by their camel case names or, without one, the query of its script's address. */
export function settingsOfTag(
  attributeOf: (name: SettingName) => string | undefined,
  address: URL | undefined,
): Settings {
  return collect(
    (name) => `data-${kebab(name)}`,
    (name) => {
      // What is blank was given all the same, and is empty for the pixel.
      const attribute = attributeOf(name);
      if (attribute) return { value: attribute.trim(), from: 'attribute' };
      const parameter = address?.searchParams.get(kebab(name));
      if (parameter) return { value: parameter.trim(), from: 'script address' };
      return byDefault(name === 'endpoint' ? (address?.origin ?? '') : defaults[name]);
    },
  );
}

/** The options that a module's caller gave. */
export function settingsOfModule(optionOf: (name: SettingName) => string | undefined): Settings {
  return collect(
    (name) => name,
    (name) => {
      const value = optionOf(name);
      return value ? { value, from: 'startOnramp' } : byDefault(defaults[name]);
    },
  );
}

function byDefault(value: string): Pick<Setting, 'value' | 'from'> {
  return { value, from: value ? 'default' : 'not set' };
}

function collect(
  label: (name: SettingName) => string,
  read: (name: SettingName) => Pick<Setting, 'value' | 'from'>,
): Settings {
  const entries = settingNames.map((name) => [name, { name, label: label(name), ...read(name) }]);
  return Object.fromEntries(entries);
}

/** The setting as its writer wrote it, for the beginning of a sentence. */
export function written({ label, value }: Setting): string {
  return label.startsWith('data-') ? `${label}="${value}"` : `${label}: "${value}"`;
}

/** What the pixel makes of a list. */
export function listOf({ value }: Setting): string[] {
  return value.split(/[ ,]+/).filter((item) => item !== '');
}

/** How long a referral counts, as the pixel reads it. */
export function windowDays({ windowDays: { value } }: Settings): number {
  return Number(value) || Number(defaults.windowDays);
}

/** The value as it may be shown: nobody needs to read a signature, and nobody may read a secret. */
export function shown({ name, value }: Pick<Setting, 'name' | 'value'>): string {
  if (name === 'sig' && value) return `(hidden, ${value.length} characters)`;
  return looksSecret(value) ? '(hidden: it looks like your secret)' : value;
}

/** The marketplace's secrets look so, and whsec_ where libraries for Standard Webhooks take them. */
export function looksSecret(value: string): boolean {
  return /^(os_[A-Za-z0-9]+|whsec)_/.test(value);
}

/** The address as the browser reads it, or undefined where it is none. */
export function addressOf(text: string, base?: string | URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}

/** The script as the marketplace's service names it, with the hash of a version or without. */
export const scriptName = /\/onramp(-[0-9a-f]{12})?\.js$/;
