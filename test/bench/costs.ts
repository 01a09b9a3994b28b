import type { ScriptResult } from './results.ts';

/** A figure of the table of costs; less is better in each. */
export interface Cost {
  title: string;
  /** Undefined where the script can't do what is measured. */
  of: (script: ScriptResult) => number | undefined;
  show: (value: number) => string;
}

const bytes = (value: number) => value.toLocaleString('en-US');
const milliseconds = (value: number) => value.toFixed(2);

export const costs: Cost[] = [
  { title: 'brotli, bytes', of: (script) => script.bytes.brotli, show: bytes },
  { title: 'gzip, bytes', of: (script) => script.bytes.gzip, show: bytes },
  { title: 'raw, bytes', of: (script) => script.bytes.raw, show: bytes },
  { title: 'start, ms', of: (script) => script.speed.startMs, show: milliseconds },
  { title: 'call, ms', of: (script) => script.speed.callMs, show: milliseconds },
  { title: 'call and its work, ms', of: (script) => script.speed.workMs, show: milliseconds },
  { title: 'heap, KB', of: (script) => script.speed.heapBytes / 1_000, show: (value) => value.toFixed(0) },
  { title: 'requests', of: (script) => requestsOf(script), show: (value) => value.toFixed(0) },
];

function requestsOf({ requests }: ScriptResult): number | undefined {
  return requests && requests.carrying + requests.preflights;
}
