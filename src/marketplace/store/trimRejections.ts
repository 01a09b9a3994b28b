import { createByPlace, type Whose } from './byPlace.ts';
import { type Database, ofNoProvider } from './database.ts';
import {
  partnerKeyOfPool,
  type RejectionEntry,
  rejectionLimits,
  unknownKeyPool,
  unreadablePool,
} from './rejections.ts';

/** Those that no provider misses go first, of more than there is room for in all. */
const ofNobody = [unreadablePool, unknownKeyPool];
/** Rows that one transaction deletes: purchases wait for it on SQLite. */
const maxStep = 500;

/**
 * Returns what is told of each rejection that was added, and keeps them within their bounds beside whoever writes: to
 * count them takes milliseconds. A process counts at first, and then when it has added enough by itself.
 */
export function createRejectionTrim(database: Database): (added: readonly RejectionEntry[]) => void {
  const { reader, transact } = database;
  const byPlace = createByPlace(database);
  let uncounted: number = rejectionLimits.uncounted;
  let isTrimming = false;

  function countPools(whose: Whose) {
    return reader
      .selectFrom('rejections')
      .select(({ fn }) => ['pool', fn.countAll<number>().as('count')])
      .$if(whose !== undefined, (rows) => rows.where('provider_id', 'in', whose ?? []))
      .groupBy('pool')
      .execute();
  }

  async function findOwner(pool: string): Promise<number> {
    const partnerKey = partnerKeyOfPool(pool);
    if (partnerKey === undefined) return ofNoProvider;
    const owner = reader.selectFrom('providers').select('id').where('partner_key', '=', partnerKey);
    return (await owner.executeTakeFirst())?.id ?? ofNoProvider;
  }

  /** Deletes so many of the pool, the least believed first and of these the oldest. */
  async function evict(pool: string, count: number): Promise<void> {
    if (count <= 0) return;
    const providerId = await findOwner(pool);
    for (let left = count; left > 0; left -= maxStep) {
      await transact(async (tables) => {
        const own = tables
          .selectFrom('rejections')
          .select('id')
          .where('provider_id', '=', providerId)
          .where('pool', '=', pool);
        const ordered = own.orderBy('belief').orderBy('latest_id').limit(Math.min(left, maxStep));
        // What another one is counting up is left alone: its transaction could wait for this one in turn.
        const evicted = ordered.forUpdate().skipLocked();
        const rows = tables.deleteFrom('rejections').where('provider_id', '=', providerId);
        await rows.where('id', 'in', evicted).execute();
      });
    }
  }

  async function trim(): Promise<void> {
    // Those of a place that is away keep theirs until it is back, and nobody else's go for them.
    const { results } = await byPlace(countPools);
    const counts = new Map(results.flat().map(({ pool, count }) => [pool, count]));
    const shares = shareOut(counts);
    for (const [pool, count] of counts) await evict(pool, count - (shares.get(pool) ?? 0));
  }

  return (added) => {
    uncounted += added.length;
    if (isTrimming || uncounted < rejectionLimits.uncounted) return;
    uncounted = 0;
    isTrimming = true;
    trim()
      // Where it can't be done now, some more are there until the next look.
      .catch(() => undefined)
      .finally(() => {
        isTrimming = false;
      });
  };
}

/**
 * How many of each pool may stay. Where all together are too many, nobody's go, and then those of the pools that have
 * most, down to what all others of them have: so who has few loses none to those who flood.
 */
export function shareOut(counts: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  for (const [pool, count] of counts) {
    const { unreadable, pool: own } = rejectionLimits;
    shares.set(pool, Math.min(count, pool === unreadablePool ? unreadable : own));
  }
  let excess = [...shares.values()].reduce((sum, count) => sum + count, 0) - rejectionLimits.all;
  for (const pool of ofNobody) {
    const count = shares.get(pool) ?? 0;
    const evicted = Math.min(count, Math.max(0, excess));
    if (evicted > 0) shares.set(pool, count - evicted);
    excess -= evicted;
  }
  if (excess <= 0) return shares;
  const largestFirst = [...shares].sort(([, one], [, other]) => other - one);
  const level = findLevel(
    largestFirst.map(([, count]) => count),
    excess,
  );
  for (const [pool, count] of largestFirst) shares.set(pool, Math.min(count, level));
  return shares;
}

/** Down to which number the largest have to come for so many to go. */
function findLevel(largestFirst: readonly number[], excess: number): number {
  let sum = 0;
  for (const [index, count] of largestFirst.entries()) {
    sum += count;
    const level = Math.floor((sum - excess) / (index + 1));
    if (level >= (largestFirst[index + 1] ?? 0)) return level;
  }
  return 0;
}
