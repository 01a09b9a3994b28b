import type { Tab } from './engine.ts';
import { until } from './until.ts';

/**
 * Goes back as a script of the page would: the drivers' own commands wait for events that a page from the
 * back/forward cache doesn't have.
 */
export async function goBack(run: Tab['run']): Promise<void> {
  const before = await run(() => {
    setTimeout(() => history.back());
    return location.href;
  });
  // In between there is no page to ask.
  const address = () => run(() => location.href).catch(() => before);
  await until('the page is another', async () => (await address()) !== before);
}
