import type { ExpectedLedger } from '../../../support/compareLedger.ts';
import type { Provider, Service } from '../../../support/service.ts';
import type { Site } from '../../../support/site.ts';
import { type Guide, type PromisedRow, readGuide } from './guide.ts';

/** The guide with a provider's own key and marketplace, which is all that a reader changes in it. */
export async function readGuideFor(
  page: string,
  { partnerKey }: Provider,
  { baseUrl }: Service,
): Promise<Guide> {
  const guide = await readGuide(`guides/${page}`);
  const files = [...guide.files].map(([path, text]): [string, string] => [
    path,
    text.replaceAll('pk_acme', partnerKey).replaceAll('https://market.example', baseUrl),
  ]);
  return { ...guide, files: new Map(files) };
}

/** Serves files as they are by their paths, those of a folder where one is named, and its index page as the root. */
export function serveFiles(site: Site, files: Guide['files'], folder = ''): void {
  for (const [path, text] of files) {
    if (!path.startsWith(folder)) continue;
    const address = `/${path.slice(folder.length)}`;
    if (!path.endsWith('.html')) site.script(address, text);
    else site.fragment(address, text);
    if (address === '/index.html') site.fragment('/', text);
  }
}

/** The rows of a guide as all that the ledger has to hold. */
export function ledgerOf(promised: readonly PromisedRow[]): ExpectedLedger {
  const of = (event: string) => promised.filter((row) => row.event === event);
  return { visits: of('visit').length, signups: of('signup'), purchases: of('purchase') };
}
