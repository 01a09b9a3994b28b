import { dayMs } from '../../wire/fields.ts';
import { rejectionsPath } from '../../wire/paths.ts';
import type { Lister } from '../reading/lister.ts';
import type { Provider } from '../store/providers.ts';
import type { Store } from '../store/store.ts';
import { readPage } from '../views/place.ts';
import { type Concerns, monthDue } from './attention.ts';
import type { QuietWatch } from './quietWatch.ts';

/** Whether there are few or many is what counts, so no more are read. */
const mostRead = 100;
const marketplace = { provider: undefined };

export interface ConcernsParts {
  store: Pick<Store, 'countStuckOrders' | 'listListings'>;
  lister: Lister;
  quietWatch: QuietWatch;
  now: number;
  providers: readonly Pick<Provider, 'partnerKey' | 'name' | 'disabled'>[];
}

/** All that can need a person, as it is now. */
export async function readConcerns(parts: ConcernsParts): Promise<Concerns> {
  const { store, lister, quietWatch, now, providers } = parts;
  const month = monthDue(now);
  const count = async (path: string, query: Readonly<Record<string, string>>) => {
    const list = await readPage<unknown>(lister, path, marketplace, { ...query, limit: String(mostRead) });
    return { count: list.items.length, more: list.next !== null };
  };
  const [stuck, quiet, heard, listings, refused, missing] = await Promise.all([
    store.countStuckOrders(),
    quietWatch.find(),
    quietWatch.listHeard(),
    store.listListings(),
    count(rejectionsPath, { from: new Date(now - dayMs).toISOString() }),
    count('/api/subscriptions', { missing: month }),
  ]);
  return {
    stuck,
    quiet,
    refused,
    missing: { month, ...missing },
    unheard: providers.filter(({ partnerKey, disabled }) => !disabled && !heard.has(partnerKey)),
    hasProviders: providers.length > 0,
    hasListings: listings.length > 0,
  };
}
