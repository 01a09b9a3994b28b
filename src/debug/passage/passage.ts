import type { Finding } from '../finding.ts';

/** How far something is let through: `unknown` where the browser doesn't tell. */
export type Outcome = 'asking' | 'through' | 'stopped' | 'unknown';

export interface Way {
  outcome: Outcome;
  /** What was seen, in a sentence. */
  saw: string;
  /** What it means for the provider, where it means something. */
  finding?: Finding;
  /** Nothing came back, and no policy of the page explains it. */
  isSilent?: true;
}

export interface Passage {
  /** Whether the service answers, and what it says to this page's partner key. */
  service: Way;
  beacon: Way;
  image: Way;
}

/** What a probe is asked of: `probe=` and no field of a message, so that nothing of it is kept. */
export function probeQuery(partnerKey: string): string {
  return `probe=${encodeURIComponent(partnerKey)}&sent=${Date.now()}`;
}

/** A probe that hasn't been answered by then is given up. */
export const patienceMs = 8_000;

export const asking: Way = { outcome: 'asking', saw: 'Asking…' };
