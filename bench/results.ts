/** A figure that was measured several times: its median, and the quartiles, between which half of the samples lie. */
export interface Spread {
  median: number;
  low: number;
  high: number;
}

/** All that a run of the bench found; the report and the picture are made of it. */
export interface Results {
  /** The day, as YYYY-MM-DD. */
  takenOn: string;
  /** What it ran on: processor, system, Node, browser. */
  machine: string;
  runs: { speed: number; burdened: number; delivery: number };
  scripts: ScriptResult[];
}

export interface ScriptResult {
  title: string;
  about: string;
  version: string;
  /** Whether a conversion that can't be sent is kept beyond the page's life. */
  storesUnsent: boolean;
  bytes: Bytes;
  speed: Speed;
  /** By the burden's id; absent where the script can't report a conversion. */
  burdened?: Record<string, Burdened>;
  /** Absent where the script can't report a conversion. */
  requests?: Requests;
  /** By the scenario's id; absent where the script has no way to take part. */
  deliveries: Record<string, Delivery>;
}

export interface Bytes {
  raw: number;
  gzip: number;
  brotli: number;
}

/** Over fresh pages. */
export interface Speed {
  /** Main-thread time of the script and its start, until the page is quiet. */
  startMs: Spread;
  heapBytes: Spread;
  /** How long the page's own code waits for the first call; absent without one. */
  callMs?: Spread;
  /** Main-thread time of that call with all that it puts off. */
  workMs?: Spread;
}

/** On a site that keeps much in the browser. */
export interface Burdened {
  startMs: Spread;
  callMs: Spread;
  /** Calls that threw. */
  threw: number;
}

/** What one conversion costs when nothing goes wrong. */
export interface Requests {
  carrying: number;
  preflights: number;
}

/** How many of the runs ended how. */
export interface Delivery {
  runs: number;
  /** It arrived while the visitor stayed, or after leaving by itself. */
  onPage: number;
  /** It arrived only when the visitor came to another page with the script. */
  atNextPage: number;
  /** Exactly one distinct conversion was counted, where that was asked. */
  once?: number;
  /** An error reached the page. */
  threw: number;
}
