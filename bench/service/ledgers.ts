/** A ledger that the service can be started on. */
export interface Ledger {
  /** What `--database` takes. */
  database: string;
  /** Rows of the run that came at that time or later, in epoch milliseconds. */
  countSince(time: number, run: string): Promise<number>;
  /**
   * Adds so many purchases to the one that it has, before any server has it: each a copy of it with an id, a key, a
   * customer and an order id of its own, in their order over two years. Their time ends a day ago.
   */
  fill(rows: number, report: (written: number) => void): Promise<void>;
  /** Copies the first provider, before any server has the ledger, until there are so many, numbered as those before. */
  addProviders(count: number): Promise<void>;
  /** On disk, with its indexes. */
  bytes(): Promise<number>;
  remove(): Promise<void>;
}

/** A database that the service can keep its ledger in. */
export interface Engine {
  name: 'SQLite' | 'PostgreSQL';
  version: string;
  /** How many instances of the service can well share one ledger, each number to be measured. */
  instanceCounts: readonly number[];
  /** Of the database's own process, where it has one. */
  processId?: number;
  createLedger(): Promise<Ledger>;
  /** A copy of the ledger, which no server has open. */
  copyLedger(ledger: Ledger): Promise<Ledger>;
  stop(): Promise<void>;
}

const dayMs = 24 * 60 * 60 * 1_000;
const twoYearsMs = 2 * 365 * dayMs;

/** When the first purchase of so many came, in epoch milliseconds, and how long after it the next. */
export function spreadOverTwoYears(rows: number): { firstAt: number; stepMs: number } {
  return { firstAt: Date.now() - dayMs - twoYearsMs, stepMs: Math.floor(twoYearsMs / rows) };
}

/** The least UUIDv7 of that time, in epoch milliseconds: rows from then on have this id or one after it. */
export function firstIdAt(time: number): Buffer {
  return Buffer.from(`${time.toString(16).padStart(12, '0')}70008000000000000000`, 'hex');
}
