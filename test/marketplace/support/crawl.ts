import type { Browser, Visited } from './browser.ts';

export interface Page extends Visited {
  path: string;
}

/** Of addresses that differ by ids and values alone so many are opened. */
const openedAlike = 3;

/** Opens the page and, by its links, all others of its area; what is for spreadsheets and programs isn't opened. */
export async function crawl(browser: Browser, start: string): Promise<Page[]> {
  const origin = 'http://service.example';
  const seen = new Set([start]);
  const alike = new Map<string, number>();
  const waiting = [start];
  const pages: Page[] = [];
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const page = { path, ...(await browser.get(path)) };
    pages.push(page);
    for (const [, link = ''] of page.text.matchAll(/<a [^>]*href="([^"]*)"/g)) {
      const {
        pathname,
        search,
        searchParams,
        origin: linked,
      } = new URL(link.replaceAll('&amp;', '&').replace(/#.*/, ''), origin + path);
      const kind = `${pathname.replace(/[0-9a-f-]{36}/g, 'id')} ${[...searchParams.keys()].sort()}`;
      const opened = alike.get(kind) ?? 0;
      const isPage = linked === origin && pathname.startsWith(start) && !/\.(csv|json)$/.test(pathname);
      if (!isPage || opened === openedAlike || seen.has(pathname + search)) continue;
      alike.set(kind, opened + 1);
      seen.add(pathname + search);
      waiting.push(pathname + search);
    }
  }
  return pages;
}
