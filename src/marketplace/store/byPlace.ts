import { type Database, ofNoProvider } from './database.ts';
import { StoreUnavailableError } from './errors.ts';

/** Whose rows a work is about: of these providers, `ofNoProvider` among them, or of all. */
export type Whose = readonly number[] | undefined;

/** What came of the places that could be asked, and why others couldn't. */
interface Settled<Result> {
  results: Result[];
  errors: unknown[];
}

export type ByPlace = <Result>(work: (whose: Whose) => Promise<Result>) => Promise<Settled<Result>>;

/** For how long places are asked apart, and none that is away, after one kept the others from their answer. */
const apartMs = 30_000;
/** Fewer than there are connections. */
const placesAtOnce = 4;

/**
 * Returns what does a work that is about all providers: at once, and place by place where that fails since a place of a
 * spread ledger is away.
 *
 * @throws StoreUnavailableError where no place could be asked
 */
export function createByPlace({
  reader,
  isSpread,
  findPlace,
}: Pick<Database, 'reader' | 'isSpread' | 'findPlace'>): ByPlace {
  let apartUntilMs = 0;
  /** Places that didn't answer since, by what they said. */
  const away = new Map<string, unknown>();

  async function listPlaces(): Promise<[place: string, ids: number[]][]> {
    const ids = (await reader.selectFrom('providers').select('id').orderBy('id').execute()).map(
      ({ id }) => id,
    );
    const found = await Promise.all(
      [ofNoProvider, ...ids].map(async (id) => ({ id, place: await findPlace(id) })),
    );
    const places = [...Map.groupBy(found, ({ place }) => place)];
    return places.map(([place, ofOne]) => [place, ofOne.map(({ id }) => id)]);
  }

  return async <Result>(work: (whose: Whose) => Promise<Result>) => {
    if (!isSpread || performance.now() >= apartUntilMs) {
      try {
        return { results: [await work(undefined)], errors: [] };
      } catch (error) {
        if (!isSpread || !(error instanceof StoreUnavailableError)) throw error;
      }
      apartUntilMs = performance.now() + apartMs;
      away.clear();
    }
    const places = await listPlaces();
    const waiting = places.filter(([place]) => !away.has(place));
    const results: Result[] = [];
    async function askNext(): Promise<void> {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [place, ids] = next;
        try {
          results.push(await work(ids));
        } catch (error) {
          if (!(error instanceof StoreUnavailableError)) throw error;
          away.set(place, error);
        }
      }
    }
    await Promise.all(Array.from({ length: placesAtOnce }, askNext));
    const errors = [...away.values()];
    if (results.length === 0) throw errors[0];
    return { results, errors };
  };
}

/**
 * The sum of what was done.
 *
 * @throws once all that could be done is done, where there was a place that couldn't be asked
 */
export async function sumOfAll(settling: Promise<Settled<number>>): Promise<number> {
  const { results, errors } = await settling;
  if (errors.length > 0) throw errors[0];
  return results.reduce((sum, count) => sum + count, 0);
}

/**
 * Does the work for each provider, but for those of a place that was away for another one.
 *
 * @throws once all others are done, where there was such a place
 */
export async function forEachProvider(
  providerIds: readonly number[],
  findPlace: Database['findPlace'],
  work: (providerId: number) => Promise<void>,
): Promise<void> {
  const away = new Map<string, unknown>();
  for (const providerId of providerIds) {
    const place = await findPlace(providerId);
    if (away.has(place)) continue;
    try {
      await work(providerId);
    } catch (error) {
      away.set(place, error);
    }
  }
  for (const error of away.values()) throw error;
}
