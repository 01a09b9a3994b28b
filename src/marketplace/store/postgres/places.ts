import type { ConnectionPool } from './pool.ts';

/** Where providers' rows are, told apart by what can fail by itself. */
export interface Places {
  isSpread: boolean;
  count: number;
  /** The name of the place where the provider's rows are; of `ofNoProvider` as well. */
  find(providerId: number): Promise<string>;
  /** The name of the part of the tables that has them: one statement can ask for those of several providers in it. */
  findPart(providerId: number): Promise<string>;
}

/** The place of a ledger whose tables aren't spread. */
const onlyPlace = 'ledger';

/** Providers whose places are asked for at once: those whose ids begin alike. */
const blockSize = 1_000;

/** Where a provider's rows are. */
interface Located {
  place: string;
  part: string;
}

/** What each spread names its places by, for ids from $1 to $2, and how many there are. */
interface Spread {
  find: string;
  count: string;
}

/** All tables that grow have the same number of partitions, so that `trackings` stands for them. */
const partitions = `select inhrelid, substring(bound from 'modulus (\\d+)')::integer as modulus,
    substring(bound from 'remainder (\\d+)')::integer as remainder
  from pg_inherits join pg_class on pg_class.oid = inhrelid, pg_get_expr(relpartbound, inhrelid) as bound
  where inhparent = 'trackings'::regclass`;
const byPartition: Spread = {
  find: `select id, 'partition ' || remainder as place, 'partition ' || remainder as part
    from generate_series($1::integer, $2::integer) as id
    join (${partitions}) as partitions
      on satisfies_hash_partition('trackings'::regclass, modulus, remainder, id)`,
  count: `select count(*) from (${partitions}) as partitions`,
};

/** Of Citus' nodes, each with many shards: https://docs.citusdata.com/en/stable/develop/api_metadata.html */
const byNode: Spread = {
  find: `select id, nodename || ':' || nodeport as place, shardid::text as part
    from generate_series($1::integer, $2::integer) as id
    join pg_dist_placement on shardid = get_shard_id_for_distribution_column('trackings', id)
    join pg_dist_node on pg_dist_node.groupid = pg_dist_placement.groupid and noderole = 'primary'`,
  count: `select count(distinct groupid) from pg_dist_placement join pg_dist_shard using (shardid)
    where logicalrelid = 'trackings'::regclass`,
};

/**
 * Learns how the ledger is spread. What it says of a provider is kept: where its rows have been moved since, by Citus to
 * another node, they are only written together with others'.
 */
export async function readPlaces(pool: ConnectionPool): Promise<Places> {
  const spread = await findSpread(pool);
  if (!spread)
    return { isSpread: false, count: 1, find: async () => onlyPlace, findPart: async () => onlyPlace };
  const { find, count } = spread;
  const [counted] = await ask<{ count: number }>(pool, count);
  const blocks = new Map<number, Promise<ReadonlyMap<number, Located>>>();

  function readBlock(block: number): Promise<ReadonlyMap<number, Located>> {
    const first = block * blockSize;
    const known = ask<Located & { id: number }>(pool, find, [first, first + blockSize - 1]).then(
      (rows) => new Map(rows.map((row) => [row.id, row])),
    );
    blocks.set(block, known);
    known.catch(() => blocks.delete(block));
    return known;
  }

  async function locate(providerId: number): Promise<Located | undefined> {
    const block = Math.floor(providerId / blockSize);
    return (await (blocks.get(block) ?? readBlock(block))).get(providerId);
  }

  return {
    isSpread: true,
    count: counted?.count ?? 1,
    find: async (providerId) => (await locate(providerId))?.place ?? onlyPlace,
    findPart: async (providerId) => (await locate(providerId))?.part ?? String(providerId),
  };
}

async function findSpread(pool: ConnectionPool): Promise<Spread | undefined> {
  const [table] = await ask<{ isPartitioned: boolean; hasCitus: boolean }>(
    pool,
    `select relkind = 'p' as "isPartitioned", to_regclass('pg_dist_partition') is not null as "hasCitus"
      from pg_class where oid = 'trackings'::regclass`,
  );
  if (table?.isPartitioned) return byPartition;
  if (!table?.hasCitus) return undefined;
  const [found] = await ask<{ isDistributed: boolean }>(
    pool,
    `select exists (
      select from pg_dist_partition where logicalrelid = 'trackings'::regclass and partmethod = 'h'
    ) as "isDistributed"`,
  );
  return found?.isDistributed ? byNode : undefined;
}

async function ask<Row>(pool: ConnectionPool, statement: string, values: unknown[] = []): Promise<Row[]> {
  const connection = await pool.connect();
  try {
    return (await connection.query<Row>(statement, values)).rows;
  } finally {
    connection.release();
  }
}
