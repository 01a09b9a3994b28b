import type { Load } from './plan.ts';

/** All that a run of the service's bench found; the report and the picture are made of it. */
export interface ServiceResults {
  /** The day, as YYYY-MM-DD. */
  takenOn: string;
  /** What it ran on: processor, system, Node, load generator. */
  machine: string;
  /** The file system that the ledgers are on, and whether it has a journal. */
  disk: string;
  /** What a write and its fsync take there, in milliseconds. */
  syncMs: number;
  rounds: number;
  tally: Tally;
  engines: EngineResults[];
}

/** How often others used the machine as well. */
export interface Tally {
  /** Loads on one server each that count. */
  turns: number;
  /** Disturbed ones, measured again. */
  discarded: number;
  /** Those that count though they were disturbed: every try was. */
  disturbed: number;
}

export interface EngineResults {
  name: 'SQLite' | 'PostgreSQL';
  version: string;
  comparisons: Comparison[];
  many: ManyProviders;
  growth: Growth[];
  /** Of the largest ledger. */
  reading: FiguresRead[];
  /** Shares of the service's processor time under the first load, by what it is spent on. */
  profile: Share[];
}

/** A server that does nothing, the least that stores, the service of another checkout, and the service. */
export type SubjectName = 'bare' | 'durable' | 'beside' | 'ours';

/** One load on so many instances, beside other servers. */
export interface Comparison {
  instances: number;
  load: Load;
  measured: Measured[];
}

export interface Measured {
  subject: SubjectName;
  figures: Figures;
  /** Requests a second of ours to its own: the median of what the rounds gave. */
  oursToIt: number;
}

/** Medians over the rounds. */
export interface Figures {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Processor time a request: of the servers, of their database's own processes, of what made the load. */
  serverMicroseconds: number;
  databaseMicroseconds: number;
  clientMicroseconds: number;
}

/** How the service does when purchases are of few providers, and of many, with the limits on. */
export interface ManyProviders {
  measured: { providers: number; figures: Figures }[];
  /** Requests a second with the many to those with the few: the median of what the rounds gave. */
  toFew: number;
}

/** How the service does when that many purchases are in the ledger. */
export interface Growth {
  rows: number;
  /** Of the ledger before the load. */
  bytes: number;
  measured: Measured[];
  /** Requests a second of ours to ours with the smallest ledger: the median of what the rounds gave. */
  toSmallest: number;
}

/** How long it takes to read figures. */
export interface FiguresRead {
  what: string;
  medianMs: number;
}

export interface Share {
  what: string;
  share: number;
}

export function findMeasured(measured: readonly Measured[], subject: SubjectName): Measured | undefined {
  return measured.find((one) => one.subject === subject);
}
