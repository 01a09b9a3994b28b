import { addressOf, kebab, type Source, settingsOfTag } from '../settings/settings.ts';
import type { PageText, Script } from './readHtml.ts';

/** A tag of the pixel in a page, whatever became of it there. */
export interface Tag {
  script: Script;
  source: Source;
  /** Of the script, also where a delayer has put it into another attribute; undefined where it was inlined. */
  address: URL | undefined;
  /** Whether the pixel itself stands in the element, put there by an optimiser. */
  isInlined: boolean;
}

/** Names that the service, an optimiser or a cache gives to the script; the panel's file is another. */
const scriptFile = /\/onramp(?!_debug)[^/]*\.js$/;
/** The service's own. */
const servedFile = /\/onramp(-[0-9a-f]{12})?\.js$/;

/** Where delayers and consent managers put the address until they load it. */
const addressAttributes = [
  'src',
  'data-src',
  'data-rocket-src',
  'data-litespeed-src',
  'data-cmp-src',
  'data-cookieblock-src',
  'data-wpmeteor-src',
];

/** The tags of the page, in their order. */
export function findTags({ scripts, base }: PageText, page: URL): Tag[] {
  const against = addressOf(base ?? '', page) ?? page;
  const tags = scripts.map((script) => readTag(script, against)).filter(isOurs);
  // Beside a tag with a key, onramp-checkout.js is a file of the site's own.
  const isForeign = (tag: Tag) =>
    !hasKey(tag) && !tag.isInlined && !servedFile.test(tag.address?.pathname ?? '');
  return tags.some(hasKey) ? tags.filter((tag) => !isForeign(tag)) : tags;
}

function hasKey({ source }: Tag): boolean {
  return source.settings.partnerKey.value !== '';
}

function readTag(script: Script, base: URL): Tag {
  const { attributes, text } = script;
  const written = addressAttributes.map((name) => attributes.get(name)).find((value) => value);
  const address = written === undefined ? undefined : addressOf(written.trim(), base);
  return {
    script,
    source: {
      by: 'tag',
      settings: settingsOfTag((name) => attributes.get(`data-${kebab(name)}`), address),
      address,
      attributes: [...attributes.keys()],
      parameters: [...(address?.searchParams.keys() ?? [])],
    },
    address,
    isInlined: !address && isPixel(text),
  };
}

function isOurs(tag: Tag): boolean {
  return tag.isInlined || scriptFile.test(tag.address?.pathname ?? '') || hasKey(tag);
}

/** The first one that names a key: no other runs. */
export function countingTag(tags: readonly Tag[]): Tag | undefined {
  return tags.find(hasKey) ?? tags[0];
}

/** Whether the text has the script in it, in whatever it was combined with: no other file complains so. */
export function isPixel(text: string): boolean {
  return text.includes('/api/SaasTrackings') && text.includes('no partnerKey');
}

/** Whether the text has the pixel as a module, startOnramp, which needs no tag. */
export function isModule(text: string): boolean {
  return text.includes('/api/SaasTrackings') && text.includes('duplicate partnerKey') && !isPixel(text);
}

/** The type that browsers run; anything else they leave alone. */
const runTypes = /^(|module|(text|application)\/(x-)?(java|ecma)script)$/i;

/** The type by which somebody holds the script back, or undefined where the browser runs it. */
export function heldBy({ attributes }: Script): string | undefined {
  const type = attributes.get('type')?.trim() ?? '';
  if (!runTypes.test(type)) return type;
  // The type may stand while the address waits in another attribute.
  if (attributes.has('src')) return undefined;
  return addressAttributes.find((name) => attributes.has(name));
}

/** The tag as its writer may paste it: what the settings say, in the marketplace's own form. */
export function writeTag(
  host: string,
  partnerKey: string,
  more: ReadonlyMap<string, string> = new Map(),
): string {
  const attributes = [...more].map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`).join('');
  return `<script async src="${host}/onramp.js" data-partner-key="${escapeAttribute(partnerKey)}"${attributes}></script>`;
}

/** A value as it stands between quotation marks. */
export function escapeAttribute(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
}

/** The tag's own options, as they stand in its element or its address: without the key, and the signature of one purchase. */
export function optionsOf({ source }: Tag): Map<string, string> {
  const given = Object.values(source.settings).filter(
    ({ name, from, value }) =>
      name !== 'partnerKey' && name !== 'sig' && (from === 'attribute' || from === 'script address') && value,
  );
  return new Map(given.map(({ label, value }) => [label, value]));
}
