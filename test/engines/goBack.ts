import type { Tab } from './engine.ts';
import { until } from './until.ts';

/**
 * Goes back as a script of the page would: the drivers' own commands wait for events that a page from the
 * back/forward cache doesn't have.
 */
export async function goBack({ run, address }: Pick<Tab, 'run' | 'address'>): Promise<void> {
  const before = await address();
  await run(() => void setTimeout(() => history.back()));
  await until('the page is another', async () => !['', before].includes(await address()));
}
