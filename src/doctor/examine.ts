import { addressOf, looksSecret } from '../settings/settings.ts';
import { findManager, judgeConsent } from './consent.ts';
import type { Fetched } from './fetchPage.ts';
import type { Finding } from './findings.ts';
import { judgePolicies, judgeTrustedTypes, policiesOf } from './judgePolicies.ts';
import { judgeParameter } from './judgeReferral.ts';
import { judgeScript } from './judgeScript.ts';
import { judgeSecrets } from './judgeSecrets.ts';
import { judgeElement, judgePresence, judgeSettingsOf, judgeStub, type Known } from './judgeTags.ts';
import { type PageText, readHtml } from './readHtml.ts';
import { askService, fetchScript, judgeAnswer } from './service.ts';
import { countingTag, findTags, type Tag } from './tags.ts';

/** A page as its HTML is, and as a browser shows it where there is one. */
export interface Page {
  fetched: Fetched;
  html: PageText;
  tags: readonly Tag[];
}

/** The same by a browser: what stands in the page once its scripts have run. */
export interface Rendered extends Pick<Page, 'html' | 'tags'> {
  /** The texts of the script files that it loaded. */
  files: readonly string[];
}

export function readPage(fetched: Fetched): Page {
  const html = readHtml(fetched.text);
  return { fetched, html, tags: findTags(html, fetched.url) };
}

/** Where the tag sends its messages; undefined where it doesn't say. */
export function endpointOf(tag: Tag, page: URL): string | undefined {
  const { value } = tag.source.settings.endpoint;
  const address = value ? addressOf(value, page) : undefined;
  if (!address || !/^https?:$/.test(address.protocol)) return undefined;
  return (address.origin + address.pathname).replace(/\/*$/, '');
}

/** What lines to paste are filled in with: what the tags say, or else what the environment says, or else an example. */
export function knownOf(
  pages: readonly { fetched: Fetched; tags: readonly Tag[] }[],
  baseUrl: string | undefined,
): Known {
  const tags = pages.flatMap(({ fetched, tags }) => tags.map((tag) => ({ tag, url: fetched.url })));
  const keys = tags.map(({ tag }) => tag.source.settings.partnerKey.value);
  const hosts = tags.flatMap(({ tag, url }) => {
    const endpoint = endpointOf(tag, url);
    // An own site's is the marketplace's only where somebody has said so.
    const isSaid = tag.source.settings.endpoint.from !== 'default' || tag.address?.origin !== url.origin;
    return endpoint && isSaid ? [endpoint] : [];
  });
  return {
    host: baseUrl?.replace(/\/*$/, '') || hosts[0] || 'https://market.example',
    partnerKey: keys.find((key) => /^[\w-]+$/.test(key) && !looksSecret(key)) ?? 'pk_acme',
  };
}

export const stub =
  "<script>window.onrampTrack=window.onrampTrack||function(){var a=arguments;return new Promise(function(r){(onrampTrack.q=onrampTrack.q||[]).push([a,r]);setTimeout(r,2e3,{status:'held',reason:'script not loaded'})})}</script>";

/** All that can be told of a page without running it, and by asking the service. */
export async function examinePage(
  { fetched, html, tags }: Page,
  rendered: Rendered | undefined,
  known: Known,
): Promise<Finding[]> {
  const { url } = fetched;
  // What runs is what a browser shows; the HTML tells what was there before.
  const shown = rendered && rendered.tags.length > 0 ? rendered : { html, tags };
  const isParserInserted = tags.length > 0;
  const tag = countingTag(shown.tags);
  const isSecretKey = looksSecret(tag?.source.settings.partnerKey.value ?? '');
  const findings = [
    ...judgePresence(shown.tags, html, known, rendered !== undefined),
    ...judgeStub(html, rendered?.files, stub),
    ...(isSecretKey ? [] : judgeSecrets([fetched.text, ...(rendered?.files ?? [])])),
  ];
  const policies = policiesOf(fetched.headers, html);
  if (!tag) return [...findings, ...judgeTrustedTypes(policies)];
  const settings = judgeSettingsOf(tag, url, Date.now());
  // An address that is wrong by itself isn't asked.
  const isAsked = !settings.some(({ code }) => code === 'endpoint-wrong' || code === 'endpoint-insecure');
  return [
    ...findings,
    ...judgeElement(tags[0] ?? tag, known, isParserInserted, findManager(shown.html)?.name),
    ...settings,
    ...judgeParameter(tag, known),
    ...judgeConsent(tag, shown.html, rendered?.files),
    ...(await askAround(tag, known, url, isAsked)),
    ...judgePolicies(
      policies,
      tags[0] ?? tag,
      html,
      addressOf(endpointOf(tag, url) ?? ''),
      url,
      isParserInserted,
    ),
  ];
}

async function askAround(tag: Tag, known: Known, page: URL, isAsked: boolean): Promise<Finding[]> {
  const { partnerKey } = tag.source.settings;
  const endpoint = isAsked ? endpointOf(tag, page) : undefined;
  const isKey = /^[\w-]+$/.test(partnerKey.value) && !looksSecret(partnerKey.value);
  const [answer, served] = await Promise.all([
    endpoint ? askService(endpoint, isKey ? partnerKey.value : '', page.origin) : undefined,
    tag.address && /^https?:$/.test(tag.address.protocol) ? fetchScript(tag.address) : undefined,
  ]);
  const asked = { host: endpoint ?? '', partnerKey: isKey ? partnerKey.value : '' };
  const currentAddress = addressOf(`${endpoint}/onramp.js`);
  const isService = answer?.kind === 'service';
  const isSame = currentAddress?.href.split('?')[0] === tag.address?.href.split('?')[0];
  const current = isService && currentAddress && !isSame ? await fetchScript(currentAddress) : undefined;
  return [
    ...(answer ? judgeAnswer(answer, tag, asked, known, page) : []),
    ...(served ? judgeScript(tag, served, current, known, page) : []),
  ];
}
