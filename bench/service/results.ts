import type { Load } from './plan.ts';

/** All that a run of the service's bench found; the report and the picture are made of it. */
export interface ServiceResults {
  /** The day, as YYYY-MM-DD. */
  takenOn: string;
  /** What it ran on: processor, system, Node, load generator. */
  machine: string;
  /** What a write and its fsync take on the disk that the ledgers are on, in milliseconds. */
  syncMs: number;
  rounds: number;
  growthRounds: number;
  seconds: number;
  engines: EngineResults[];
}

export interface EngineResults {
  name: 'SQLite' | 'PostgreSQL';
  version: string;
  comparisons: Comparison[];
  growth: Growth[];
  /** Shares of the service's processor time under the first load, by what it is spent on. */
  profile: Share[];
}

/** One load on so many instances, beside as many bare servers. */
export interface Comparison {
  instances: number;
  load: Load;
  bare: Figures;
  ours: Figures;
  /** Ours to bare, each a median of what the rounds gave. */
  perSecondRatio: number;
  p99Ratio: number;
}

/** Medians over the rounds. */
export interface Figures {
  perSecond: number;
  p99Ms: number;
}

/** How the service does when that many purchases are in the ledger. */
export interface Growth {
  rows: number;
  /** Of the ledger before the load. */
  bytes: number;
  ours: Figures;
  /** Ours to bare, and ours to ours with the smallest ledger: medians of what the rounds gave. */
  perSecondRatio: number;
  toSmallest: number;
}

export interface Share {
  what: string;
  share: number;
}
