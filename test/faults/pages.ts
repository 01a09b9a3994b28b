import type { Site } from '../support/site.ts';
import { createTag, stub } from '../support/tag.ts';
import { readLibrary } from './libraries.ts';
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
  parts: PageParts = {},
): string {
  const { headers, before, libraries = [], changesItself = false, calls, attributes, stranger = '' } = parts;
  const { put = (tag) => tag } = parts;
  const own = before ? `(${before})(${JSON.stringify(partnerKey)});` : '';
  const loaded = libraries.map((name) => {
    site.script(`/libraries/${name}.js`, readLibrary(name));
    return `<script src="/libraries/${name}.js"></script>`;
  });
  const html =
    script(`(${watchPage})(${changesItself});${own}`) +
    loaded.join('') +
    script('pageWatch.begin()') +
    (parts.stub ?? stub) +
    (calls ? script(calls) : '') +
    put(createTag(serviceUrl, { partnerKey, ...attributes }), stranger);
  // For the policies that ask for one.
  return site.page(path, html.replaceAll('<script', '<script nonce="n"'), { ...open, ...headers });
}

/** A page of the site that hasn't got the tag, but the watch. */
export function putPlainPage(site: Site, path: string, html = ''): string {
  return site.page(path, script(`(${watchPage})(false);pageWatch.begin()`) + html, open);
}
