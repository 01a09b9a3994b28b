import type { Site } from '../support/site.ts';
import { createTag, stub } from '../support/tag.ts';
import { watchPage } from './pageWatch.ts';
import type { PageParts } from './situation.ts';

const script = (source: string) => `<script>${source}</script>`;

/** Anyone may read the site's pages, so that the watch in a sandboxed frame can compare, too. */
const open = { 'access-control-allow-origin': '*' };

/** Puts a page with the tag on the site and returns its address. */
export function putPage(
  site: Site,
  path: string,
  serviceUrl: string,
  partnerKey: string,
  { headers, before, stub: ownStub = stub, calls, attributes, put = (tag) => tag }: PageParts = {},
): string {
  const own = before ? `(${before})(${JSON.stringify(partnerKey)});` : '';
  const html =
    script(`(${watchPage})();${own}pageWatch.begin()`) +
    ownStub +
    (calls ? script(calls) : '') +
    put(createTag(serviceUrl, { partnerKey, ...attributes }));
  // For the policies that ask for one.
  return site.page(path, html.replaceAll('<script', '<script nonce="n"'), { ...open, ...headers });
}

/** A page of the site that hasn't got the tag, but the watch. */
export function putPlainPage(site: Site, path: string, html = ''): string {
  return site.page(path, script(`(${watchPage})();pageWatch.begin()`) + html, open);
}
