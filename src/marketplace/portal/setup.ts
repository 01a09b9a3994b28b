import { rejectionsPath, trackingPath } from '../../wire/paths.ts';
import type { Clock } from '../../wire/time.ts';
import type { Lister } from '../reading/lister.ts';
import type { Provider } from '../store/providers.ts';
import { type Cause, likelyCauses, type SeenRejection } from './causes.ts';
import { type Lamp, lampsOf, type SeenRow } from './evidence.ts';
import { readItems } from './readItems.ts';

/** How far a provider's set-up has come. */
export interface Setup {
  lamps: Lamp[];
  causes: Cause[];
  /** As the last message that can be believed names it; undefined before any has. */
  serviceName: string | undefined;
}

/** Rows that lamps look at. */
const seenRows = '50';
const hourMs = 3_600_000;

export interface SetupParts {
  lister: Lister;
  clock: Clock;
}

/** Reads what has arrived of a provider, and what of it was refused within the hour. */
export async function readSetup({ lister, clock }: SetupParts, provider: Provider): Promise<Setup> {
  const from = String(clock() - hourMs);
  const [visits, purchases, rejections] = await Promise.all([
    readItems<SeenRow>(lister, provider, trackingPath, { event: 'visit', limit: seenRows }),
    readItems<SeenRow>(lister, provider, trackingPath, { event: 'purchase,signup', limit: seenRows }),
    readItems<SeenRejection>(lister, provider, rejectionsPath, { from, limit: seenRows }),
  ]);
  const lamps = lampsOf({ visits, purchases });
  const causes = likelyCauses({ provider, lamps, visits, purchases, rejections });
  return { lamps, causes, serviceName: ownServiceName([...purchases, ...visits]) };
}

/** A name that nothing in a page or on a command line could take for anything else. */
const plainName = /^[\p{L}\p{N}][\p{L}\p{N} .,_+-]*$/u;

/** What goes into lines to paste: never what anybody could have sent. */
function ownServiceName(rows: readonly SeenRow[]): string | undefined {
  const believed = rows.filter(({ trust }) => trust !== 'unsigned');
  return believed.find(({ serviceName = '' }) => plainName.test(serviceName))?.serviceName;
}
