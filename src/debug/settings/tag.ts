import { defaults, kebab, type OptionName, optionNames, type Setting, type Settings } from './options.ts';

/** The tag as it stands in the page. */
export interface Tag {
  /** Undefined where the script has no address. */
  address: URL | undefined;
  settings: Settings;
  /** All attribute names, as written in the page. */
  attributes: string[];
  /** Names in the query of the script's address. */
  parameters: string[];
}

/** Every tag of the page that is ours or may be meant to be, the one that runs first. */
export function findTags(page: Document, runningKey: string | undefined): Tag[] {
  const tags = [...page.scripts].filter(mayBeOurs).map(readTag);
  const runs = ({ settings }: Tag) => settings.partnerKey.value === runningKey;
  // A provider may have given the file another name; another vendor's script may have a partner key too.
  const ours = tags.filter((tag) => !tag.address || fileName.test(tag.address.pathname) || runs(tag));
  return ours.sort((one, other) => Number(runs(other)) - Number(runs(one)));
}

const fileName = /\/onramp(-[0-9a-f]{12})?\.js$/;

function mayBeOurs({ src, dataset }: HTMLScriptElement): boolean {
  return dataset.partnerKey !== undefined || src.includes('partner-key') || /\/onramp[^/]*\.js/.test(src);
}

export function readTag(script: HTMLScriptElement): Tag {
  const address = URL.parse(script.src) ?? undefined;
  const read = (name: OptionName): Setting => {
    const attribute = script.dataset[name];
    if (attribute) return { name, value: attribute, from: 'attribute' };
    const parameter = address?.searchParams.get(kebab(name));
    if (parameter) return { name, value: parameter, from: 'script address' };
    const value = name === 'endpoint' ? (address?.origin ?? '') : defaults[name];
    return { name, value, from: value ? 'default' : 'not set' };
  };
  return {
    address,
    settings: Object.fromEntries(optionNames.map((name) => [name, read(name)])) as Settings,
    attributes: script.getAttributeNames(),
    parameters: [...(address?.searchParams.keys() ?? [])],
  };
}
