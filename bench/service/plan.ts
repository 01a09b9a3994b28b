/** How much is measured, and at which sizes of the ledger. */
export interface ServicePlan {
  /** How often each load is put on each server; in turns, so that a slow moment of the machine meets all of them. */
  rounds: number;
  /** Rounds of the comparison of sizes, where the differences are smaller. */
  growthRounds: number;
  /** Of one load on one server; wrk takes whole ones. */
  seconds: number;
  /** Of the load that comes before, for each server and way in; not counted. */
  warmUpSeconds: number;
  /** Purchases in the ledger when the load begins; the first is what the others are compared with. */
  sizes: readonly number[];
}

/** Odd rounds, so that the median is a measured value. */
export const full: ServicePlan = {
  rounds: 3,
  growthRounds: 5,
  seconds: 4,
  warmUpSeconds: 2,
  sizes: [1_000, 100_000, 1_000_000, 10_000_000],
};
export const quick: ServicePlan = {
  rounds: 1,
  growthRounds: 1,
  seconds: 2,
  warmUpSeconds: 1,
  sizes: [1_000, 100_000],
};

export type Way = 'post' | 'gif';

/** What the load generator does: so many connections at once, each sending the next when the last is answered. */
export interface Load {
  way: Way;
  connections: number;
}

export const loads: readonly Load[] = [
  { way: 'post', connections: 64 },
  { way: 'post', connections: 256 },
  { way: 'gif', connections: 64 },
  { way: 'gif', connections: 256 },
];
/** What the sizes are compared under. */
export const growthLoad: Load = { way: 'post', connections: 64 };
