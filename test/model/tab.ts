import type { Tab } from '../engines/engine.ts';
import { until } from '../engines/until.ts';
import type { PageSpec, Sequence } from './actions.ts';
import { fieldsOf } from './bought.ts';
import type { ModelPage } from './known.ts';
import type { Scenery } from './stage.ts';

/** One step of a tab's history. */
interface Entry {
  address: string;
  /** Undefined for a page without the tag. */
  spec: PageSpec | undefined;
  /** The page as the model has it; undefined also where the tag's script didn't come. */
  page?: ModelPage | undefined;
  /** Names the document, so that a page from the back/forward cache is told from one that was loaded anew. */
  loadedAt: number;
}

/** A tab, and what a person knows who looks at it. */
export interface ModelTab {
  tab: Tab;
  history: Entry[];
  position: number;
}

/** The page that is shown. */
export function entryOf({ history, position }: ModelTab): Entry {
  const entry = history[position];
  if (!entry) throw new Error('the tab has shown no page');
  return entry;
}

let count = 0;

/** No two addresses are the same, so that it is seen when another page has come. */
export function addressOf(
  { page, consentPage }: Scenery,
  { referral, thanks, beacons, storage, privacy }: PageSpec,
  cookies: Sequence['cookies'],
): string {
  const query = new URLSearchParams({ beacons, storage, cookies, privacy, n: String(++count) });
  if (referral) query.set('onramp_ref', referral);
  if (thanks) query.set('thanks', JSON.stringify(fieldsOf(thanks)));
  return `${privacy === 'needs consent' ? consentPage : page}?${query}`;
}

/** Waits until the page of that address is there, and its script has run or failed; says which page it is. */
export async function untilThere({ tab }: ModelTab, address: string, hasTag: boolean) {
  const look = (given: { address: string; hasTag: boolean }) =>
    location.href === given.address && (window.tagEnd ?? !given.hasTag)
      ? { tagEnd: window.tagEnd, loadedAt: performance.timeOrigin }
      : undefined;
  let seen: ReturnType<typeof look>;
  await until(`${address} is there`, async () => {
    // Between two pages there is none to ask.
    seen = await tab.run(look, { address, hasTag }).catch(() => undefined);
    return seen !== undefined;
  });
  if (!seen) throw new Error(`${address} is gone`);
  return { runs: seen.tagEnd === 'load', loadedAt: seen.loadedAt };
}
