/** How much is measured, and at which sizes of the ledger. */
export interface ServicePlan {
  /** How often each load is put on each server; in turns, so that a slow moment of the machine meets all of them. */
  rounds: number;
  /** How often a turn is measured at most, while other processes disturb it. */
  tries: number;
  /** Of one closed loop on one server; wrk takes whole ones. */
  seconds: number;
  /** Of one open loop on one server. */
  openSeconds: number;
  /** Of the load that comes before, for each server and way in; not counted. */
  warmUpSeconds: number;
  /** Purchases in the ledger when the load begins; the first is what the others are compared with. */
  sizes: readonly number[];
}

/** Odd rounds, so that the median is a measured value. */
export const full: ServicePlan = {
  rounds: 5,
  tries: 4,
  seconds: 4,
  openSeconds: 6,
  warmUpSeconds: 3,
  sizes: [1_000, 1_000_000, 10_000_000],
};
export const quick: ServicePlan = {
  rounds: 1,
  tries: 2,
  seconds: 2,
  openSeconds: 3,
  warmUpSeconds: 1,
  sizes: [1_000, 1_000_000],
};

export type Way = 'post' | 'gif';
export const ways: readonly Way[] = ['post', 'gif'];

/** So many connections at once, each sending the next request when the last is answered. */
export interface ClosedLoop {
  way: Way;
  connections: number;
}

/** So many requests a second, each sent when it is due, whether those before it are answered or not. */
export interface OpenLoop {
  way: Way;
  perSecond: number;
}

export type Load = ClosedLoop | OpenLoop;

export function closedLoop(way: Way): ClosedLoop {
  return { way, connections: 64 };
}

export const openLoops: readonly OpenLoop[] = [
  { way: 'post', perSecond: 1_000 },
  { way: 'post', perSecond: 3_000 },
];
