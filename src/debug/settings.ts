import type { OptionName, PixelHandle } from '../pixel/types.ts';
import { attempt, scriptsOf } from './page.ts';

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

/** The tag whose settings count comes first: of those with the key that runs, the last one. */
export function findTags(page: Document, panelAddress: string): Source[] {
  const tags = scriptsOf(page).filter(mayBeOurs).map(readTag);
  const folder = folderOf(new URL(panelAddress));
  // A provider may have given the file another name; another vendor's script may have a partner key too.
  const ours = tags.filter(
    ({ address, settings }) =>
      !address ||
      fileName.test(address.pathname) ||
      (settings.partnerKey.value && folderOf(address) === folder),
  );
  const key = ours.map(({ settings }) => settings.partnerKey.value).find((value) => value);
  const counting = ours.findLast(({ settings }) => settings.partnerKey.value === key) ?? ours[0];
  return counting ? [counting, ...ours.filter((tag) => tag !== counting)] : [];
}

const fileName = /\/onramp(-[0-9a-f]{12})?\.js$/;

function mayBeOurs({ src, dataset }: HTMLScriptElement): boolean {
  return dataset.partnerKey !== undefined || src.includes('partner-key') || /\/onramp[^/]*\.js/.test(src);
}

function folderOf({ origin, pathname }: URL): string {
  return origin + pathname.replace(/[^/]*$/, '');
}

export function readTag(script: HTMLScriptElement): Source {
  const address = attempt(() => new URL(script.src));
  const read = (name: SettingName): Pick<Setting, 'value' | 'from'> => {
    // What is blank was given all the same, and is empty for the pixel.
    const attribute = script.dataset[name];
    if (attribute) return { value: attribute.trim(), from: 'attribute' };
    const parameter = address?.searchParams.get(kebab(name));
    if (parameter) return { value: parameter.trim(), from: 'script address' };
    return byDefault(name === 'endpoint' ? (address?.origin ?? '') : defaults[name]);
  };
  return {
    by: 'tag',
    settings: collect((name) => `data-${kebab(name)}`, read),
    address,
    attributes: script.getAttributeNames(),
    parameters: [...(address?.searchParams.keys() ?? [])],
  };
}

export function readModule({ option }: PixelHandle): Source {
  const read = (name: SettingName): Pick<Setting, 'value' | 'from'> => {
    const value = attempt(() => option(name));
    return value ? { value, from: 'startOnramp' } : byDefault(defaults[name]);
  };
  const settings = collect((name) => name, read);
  return { by: 'module', settings, address: undefined, attributes: [], parameters: [] };
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

/** The marketplace's secrets look so. */
export function looksSecret(value: string): boolean {
  return /^os_[A-Za-z0-9]+_/.test(value);
}
