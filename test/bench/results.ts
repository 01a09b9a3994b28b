/** All that a run of the bench found; the report and the picture are made of it. */
export interface Results {
  /** The day, as YYYY-MM-DD. */
  takenOn: string;
  /** What it ran on: processor, system, Node, browser. */
  machine: string;
  runs: { speed: number; delivery: number };
  scripts: ScriptResult[];
}

export interface ScriptResult {
  title: string;
  about: string;
  version: string;
  bytes: Bytes;
  speed: Speed;
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

/** Medians over fresh pages. */
export interface Speed {
  /** Main-thread time of the script and its start, until the page is quiet. */
  startMs: number;
  heapBytes: number;
  /** How long the page's own code waits for the first call; absent without one. */
  callMs?: number;
  /** Main-thread time of that call with all that it puts off. */
  workMs?: number;
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
