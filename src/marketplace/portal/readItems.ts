import type { Lister } from '../reading/lister.ts';
import type { Provider } from '../store/providers.ts';

/** The rows of a provider's list, as the API presents them. */
export async function readItems<Item>(
  lister: Lister,
  provider: Provider,
  path: string,
  query: Record<string, string>,
): Promise<Item[]> {
  const page: { items: Item[] } = JSON.parse(
    Buffer.from(await lister.read(path, { provider }, query)).toString(),
  );
  return page.items;
}
