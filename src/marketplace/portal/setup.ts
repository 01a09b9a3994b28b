import { rejectionsPath, trackingPath } from '../../wire/paths.ts';
import type { Clock } from '../../wire/time.ts';
import type { Lister } from '../reading/lister.ts';
import type { ProviderReader } from '../signin/reader.ts';
import { readPage, scopeOf } from '../views/place.ts';
import { type Cause, likelyCauses, type SeenRejection } from './causes.ts';
import { type Lamp, lampsOf, type SeenRow } from './evidence.ts';

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
export async function readSetup({ lister, clock }: SetupParts, reader: ProviderReader): Promise<Setup> {
  const { provider } = reader;
  const scope = scopeOf(reader);
  const from = String(clock() - hourMs);
  const limit = seenRows;
  const [visits, purchases, rejections] = await Promise.all([
    readPage<SeenRow>(lister, trackingPath, scope, { event: 'visit', limit }),
    readPage<SeenRow>(lister, trackingPath, scope, { event: 'purchase,signup', limit }),
    readPage<SeenRejection>(lister, rejectionsPath, scope, { from, limit }),
  ]);
  const seen = { visits: visits.items, purchases: purchases.items };
  const lamps = lampsOf(seen);
  const causes = likelyCauses({ provider, lamps, ...seen, rejections: rejections.items });
  return { lamps, causes, serviceName: ownServiceName([...seen.purchases, ...seen.visits]) };
}

/** A name that nothing in a page or on a command line could take for anything else. */
const plainName = /^[\p{L}\p{N}][\p{L}\p{N} .,_+-]*$/u;

/** What goes into lines to paste: never what anybody could have sent. */
function ownServiceName(rows: readonly SeenRow[]): string | undefined {
  const believed = rows.filter(({ trust }) => trust !== 'unsigned');
  return believed.find(({ serviceName = '' }) => plainName.test(serviceName))?.serviceName;
}
