import { linkFrom } from './links.ts';
import type { Brand } from './pages/page.ts';

/** What a page shows of its provider. */
export function brandFor(name: string, logo: string | undefined, requestUrl: string): Brand {
  return { name, logo: logo === undefined ? undefined : linkFrom(requestUrl, `logos/${logo}`) };
}
