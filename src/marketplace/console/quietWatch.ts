import type { Clock } from '../../wire/time.ts';
import type { Lister } from '../reading/lister.ts';
import { arrivalsPath } from '../reading/lists.ts';
import type { Arrivals, WatchedEvent } from '../store/arrivals.ts';
import { findQuiet, type Quiet } from './quiet.ts';

/** Whoever is asked for it looks at what was known then, in milliseconds. */
const freshMs = 60_000;

export interface QuietWatch {
  /** Who has gone quiet, as of the last minute. */
  find(): Promise<Quiet[]>;
  /** The partner keys of those that have sent anything at all, as of the last minute. */
  listHeard(): Promise<ReadonlySet<string>>;
  /** How many, by what they don't send any more; an event of which none is quiet is left out. */
  count(): Promise<ReadonlyMap<WatchedEvent, number>>;
}

/** Looks when providers were last heard of, once a minute at most, however many ask. */
export function createQuietWatch(lister: Lister, clock: Clock): QuietWatch {
  let known: { at: number; arrivals: Promise<Arrivals[]> } | undefined;

  async function read(): Promise<Arrivals[]> {
    const page = await lister.read(arrivalsPath, { provider: undefined }, {});
    return JSON.parse(Buffer.from(page).toString());
  }

  async function readSometimes(now: number): Promise<Arrivals[]> {
    if (!known || Math.abs(now - known.at) >= freshMs) {
      const asked = { at: now, arrivals: read() };
      known = asked;
      // The next one asks anew.
      asked.arrivals.catch(() => {
        if (known === asked) known = undefined;
      });
    }
    return await known.arrivals;
  }

  async function find(): Promise<Quiet[]> {
    const now = clock();
    return findQuiet(await readSometimes(now), now);
  }

  return {
    find,
    async listHeard() {
      const arrivals = await readSometimes(clock());
      return new Set(arrivals.map(({ partnerKey }) => partnerKey));
    },
    async count() {
      const alike = Map.groupBy(await find(), ({ event }) => event);
      return new Map([...alike].map(([event, quiet]) => [event, quiet.length]));
    },
  };
}
